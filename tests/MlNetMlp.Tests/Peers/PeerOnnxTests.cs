using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Peers;

/// <summary>Pipelines as ONNX files, written by ML.NET's converter and scored row by row by ONNX Runtime: ours, and ML.NET's own beside them.</summary>
[Trait("Needs", "x64")]
public sealed class PeerOnnxTests
{
    private readonly MLContext _context = new(1);

    /// <summary>Ours, and those of ML.NET's whose files keep the columns of the pipeline.</summary>
    public static TheoryData<string, string> Pipelines => new()
    {
        { "binary", "Mlp" },
        { "multiclass", "Mlp" },
        { "regression", "Mlp" },
        { "binary", "LightGbmBinary" },
        { "multiclass", "LightGbmMulticlass" },
        { "regression", "LightGbmRegression" },
        { "binary", "LbfgsLogisticRegression" },
        { "multiclass", "LbfgsMaximumEntropy" },
        { "regression", "SdcaRegression" },
    };

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void OnnxRuntime_RowsBeforeThePreprocessing_AreScoredAsByTransform(string task, string name)
    {
        PeerPipeline pipeline = PeerPipeline.Of(task, name);
        IDataView rows = _context.Data.LoadFromEnumerable(PeerPipeline.TestRows);
        using var session = new RuntimeSession(RuntimeSession.Convert(_context, pipeline.Model, rows));

        Dictionary<string, double[][]> atOnce = session.Run(rows), alone = session.Run(rows, batchSize: 1);

        IDataView scored = pipeline.Scored(_context);
        foreach (string column in Columns(scored))
        {
            AssertClose(Values(scored, column), atOnce[column + ".output"]);
            AssertClose(Values(scored, column), alone[column + ".output"]);
        }
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void ApplyOnnxModel_RowsBeforeThePreprocessing_AreScoredAsByTransform(string task, string name)
    {
        PeerPipeline pipeline = PeerPipeline.Of(task, name);
        IDataView rows = _context.Data.LoadFromEnumerable(PeerPipeline.TestRows);
        string[] columns = Columns(pipeline.Scored(_context));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        try
        {
            File.WriteAllBytes(path, RuntimeSession.Convert(_context, pipeline.Model, rows, columns));

            using var model = _context.Transforms.ApplyOnnxModel(path).Fit(rows);

            IDataView applied = model.Transform(rows);
            Assert.All(columns, column => AssertClose(Values(pipeline.Scored(_context), column), Values(applied, column)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("binary", "LightGbmBinary")]
    [InlineData("multiclass", "LightGbmMulticlass")]
    [InlineData("regression", "LightGbmRegression")]
    public void ConvertToOnnx_OfOurPipeline_HasInputsAndOutputsOfLightGbms(string task, string peer)
    {
        IDataView rows = _context.Data.LoadFromEnumerable(PeerPipeline.TestRows);
        using RuntimeSession ours = new(RuntimeSession.Convert(_context, PeerPipeline.Of(task, "Mlp").Model, rows)),
            theirs = new(RuntimeSession.Convert(_context, PeerPipeline.Of(task, peer).Model, rows));

        Assert.Equal(theirs.Signature, ours.Signature);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void OnnxRuntime_EveryTrainerOfOurs_IsScoredAsByTransform(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        IDataView scored = trainer.Fit().Transform(trainer.Data);

        // Means and standard deviations of random passes have no counterpart in ONNX.
        string[] columns = Columns(scored);
        using var session = new RuntimeSession(RuntimeSession.Convert(_context, trainer.Fit(), trainer.Data, columns));

        Dictionary<string, double[][]> outputs = session.Run(trainer.Data);

        Assert.All(columns, column => AssertClose(Values(scored, column), outputs[column + ".output"]));
    }

    /// <summary>Missing values are part of the graph: replaced by the network as they are by Transform.</summary>
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void OnnxRuntime_MissingValues_AreReplacedAsByTransform(string task)
    {
        PeerPipeline pipeline = PeerPipeline.Of(task, "Mlp");
        MixedRow[] rows = MixedRow.Many(30, seed: 5);
        for (int i = 0; i < rows.Length; i++)
        {
            (rows[i].Shape[i % 2], rows[i].Colour) = (float.NaN, i % 3 == 0 ? "a colour that nobody has seen" : rows[i].Colour);
        }

        IDataView view = _context.Data.LoadFromEnumerable(rows);
        using var session = new RuntimeSession(RuntimeSession.Convert(_context, pipeline.Model, view));

        Dictionary<string, double[][]> outputs = session.Run(view);

        IDataView scored = pipeline.Model.Transform(view);
        Assert.All(RowValues.Scores(_context.Transforms.SelectColumns("Score").Fit(scored).Transform(scored)), score => Assert.False(float.IsNaN(score)));
        Assert.All(Columns(scored), column => AssertClose(Values(scored, column), outputs[column + ".output"]));
    }

    private static string[] Columns(IDataView scored) =>
        [.. ((string[])["PredictedLabel", "Score", "Probability"]).Where(name => scored.Schema.GetColumnOrNull(name) is not null)];

    /// <summary>The values of a column, one array for each row; truth is 1.</summary>
    private static double[][] Values(IDataView view, string name)
    {
        DataViewSchema.Column column = view.Schema[name];
        Type item = (column.Type is VectorDataViewType vector ? vector.ItemType : column.Type).RawType;
        bool isVector = column.Type is VectorDataViewType;
        return item.Name switch
        {
            nameof(Single) => isVector ? Vectors<float>(x => x) : Scalars<float>(x => x),
            nameof(Boolean) => isVector ? Vectors<bool>(x => x ? 1 : 0) : Scalars<bool>(x => x ? 1 : 0),
            _ => isVector ? Vectors<uint>(x => x) : Scalars<uint>(x => x),
        };

        double[][] Scalars<T>(Func<T, double> number) => [.. view.GetColumn<T>(column).Select(value => new[] { number(value) })];

        double[][] Vectors<T>(Func<T, double> number) => [.. view.GetColumn<VBuffer<T>>(column).Select(value => value.DenseValues().Select(number).ToArray())];
    }

    /// <summary>Single precision has 6e-8; sums in another order, over a few layers and a standardization, cost some tens of these.</summary>
    private static void AssertClose(double[][] expected, double[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Max(row => row.Max(Math.Abs)));
        Assert.All(expected.Zip(actual), rows => Assert.Equal(rows.First, rows.Second, (a, b) => Math.Abs(a - b) <= 5e-6 * scale));
    }
}
