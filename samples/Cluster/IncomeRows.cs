using Microsoft.ML;
using Microsoft.ML.Data;

namespace Cluster;

/// <summary>The census rows of Adult.</summary>
internal static class IncomeRows
{
    public static IDataView Load(MLContext mlContext, string file) => mlContext.Data.LoadFromTextFile(
        Path.Combine(AppContext.BaseDirectory, "Data", file),
        [
            new TextLoader.Column("Label", DataKind.Boolean, 14),
            new TextLoader.Column("Numbers", DataKind.Single, [new(0), new(10, 12)]),
            new TextLoader.Column("Texts", DataKind.String, [new(1), new(3), new(5, 9), new(13)]),
        ],
        separatorChar: ',', hasHeader: true);
}
