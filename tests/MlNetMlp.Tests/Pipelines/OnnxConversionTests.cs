using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>Whole pipelines as ONNX files, written by ML.NET's own converter.</summary>
public sealed class OnnxConversionTests
{
    private readonly MLContext _context = new(1);

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void ConvertToOnnx_OfEveryTrainer_GivesItsColumns(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();
        string[] columns = [.. transformer.Transform(trainer.Data).Schema.Select(column => column.Name).Where(column =>
            column is "Score" or "Probability" or "PredictedLabel")];

        Dictionary<string, Tensor> outputs = Run(Convert(transformer, trainer.Data, columns));

        float[] scores = new float[90 * transformer.Model.Network.OutputCount];
        transformer.Model.Network.Predict(Features(), scores, 90);
        AssertClose([.. scores.Select(score => (double)score)], outputs["Score.output"].Values);
        switch (name.Split(',')[0])
        {
            case "binary":
                AssertClose([.. scores.Select(score => (double)MlpModel.Probability(score))], outputs["Probability.output"].Values);
                Assert.Equal(scores.Select(score => score > 0 ? 1.0 : 0), outputs["PredictedLabel.output"].Values);
                break;
            case "multiclass" or "multiclass without names":
                // A key, which counts from 1.
                Assert.Equal(scores.Chunk(3).Select(row => Array.IndexOf(row, row.Max()) + 1.0), outputs["PredictedLabel.output"].Values);
                break;
        }

        Assert.Equal(columns.Length, outputs.Count);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void ConvertToOnnx_AllVersionsOfTheConverter_AreServed(int version)
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        ITransformer transformer = trainer.Fit();
        using var stream = new MemoryStream();

        _context.Model.ConvertToOnnx(transformer, trainer.Data, version, stream);

        AssertClose([.. Run(Convert(transformer, trainer.Data, "Score"))["Score.output"].Values], Run(OnnxFile.Read(stream.ToArray()))["Score.output"].Values);
    }

    [Fact]
    public void ConvertToOnnx_OfAWholePipeline_SpansItFromFirstToLast()
    {
        Row[] rows = [.. Enumerable.Range(0, 90).Select(i => new Row { Kind = TrainerCase.ClassOf(i) == 0 ? "a" : "b",
            Square = TrainerCase.FeaturesOf(i), Label = "class " + TrainerCase.ClassOf(i) })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_context.Transforms.Categorical.OneHotEncoding("Kind"))
            .Append(_context.Transforms.NormalizeMinMax("Square"))
            .Append(_context.Transforms.Concatenate("Features", "Square", "Kind"))
            .Append(_context.MulticlassClassification.Trainers.Mlp("Key", hiddenUnits: [8], numberOfEpochs: 5))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var stream = new MemoryStream();

        _context.Model.ConvertToOnnx(pipeline.Fit(data), data, stream);

        OnnxFile file = OnnxFile.Read(stream.ToArray());
        Assert.Equal(["Kind", "Square", "Label"], file.Inputs.Select(input => input.Name));
        Assert.Contains("PredictedLabel.output", file.Outputs.Select(output => output.Name));
        // Two layers of each of the eight members that the default effort has.
        Assert.Equal(16, file.Operators.Count(node => node.Name == "Gemm"));
        if (Environment.GetEnvironmentVariable("MLNETMLP_ONNX_PIPELINE") is { Length: > 0 } path)
        {
            File.WriteAllBytes(path, stream.ToArray());
        }
    }

    [Fact]
    public void ConvertToOnnx_FeaturesOfTwoDimensions_BecomeRows()
    {
        SquareRow[] rows = [.. Enumerable.Range(0, 90).Select(i => new SquareRow { Features = TrainerCase.FeaturesOf(i), Label = TrainerCase.TargetOf(i, 0) })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        MlpPredictionTransformer transformer = _context.Regression.Trainers.Mlp(hiddenUnits: [8], numberOfEpochs: 5).Fit(data);

        OnnxFile file = Convert(transformer, data, "Score");

        Tensor input = new([90, 2, 2], [.. Features().Select(value => (double)value)]);
        float[] scores = new float[90];
        transformer.Model.Network.Predict(Features(), scores, 90);
        AssertClose([.. scores.Select(score => (double)score)], Interpreter.Run(file, "Features", input)["Score.output"].Values);
    }

    private OnnxFile Convert(ITransformer transformer, IDataView data, params string[] columns)
    {
        using var stream = new MemoryStream();
        _context.Model.ConvertToOnnx(transformer, data, stream, columns);
        return OnnxFile.Read(stream.ToArray());
    }

    private static Dictionary<string, Tensor> Run(OnnxFile file) =>
        Interpreter.Run(file, "Features", new([90, TrainerCase.FeatureCount], [.. Features().Select(value => (double)value)]));

    private static float[] Features() => [.. Enumerable.Range(0, 90).SelectMany(TrainerCase.FeaturesOf)];

    private static void AssertClose(double[] expected, double[] actual) =>
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a)));

    private sealed class Row
    {
        public string Kind { get; set; } = "";

        [VectorType(TrainerCase.FeatureCount)]
        public float[] Square { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class SquareRow
    {
        [VectorType(2, 2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
