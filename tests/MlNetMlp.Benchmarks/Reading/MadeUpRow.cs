using System.Globalization;
using Microsoft.ML.Data;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.Reading;

/// <summary>A label and 30 features, as an object and as a line of a text file.</summary>
internal sealed class MadeUpRow
{
    private const int Count = 30;

    [LoadColumn(0)]
    public float Label { get; set; }

    [LoadColumn(1, Count), VectorType(Count)]
    public float[] Features { get; set; } = [];

    public static MadeUpRow Create(int number)
    {
        var row = new MadeUpRow { Features = new float[Count] };
        new SeededRandom(1).At(number).FillNormal(row.Features, 0, 1);
        row.Label = row.Features[0] * row.Features[1] + row.Features[2];
        return row;
    }

    public string ToLine() => string.Join(',', Features.Prepend(Label).Select(value => value.ToString("G6", CultureInfo.InvariantCulture)));
}
