using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Files are run by an interpreter that shares nothing with the product, and compared with the model's own scores.</summary>
public sealed class OnnxExportTests
{
    /// <summary>
    /// The model works in single precision, the interpreter in double. Scores are between 1 and some 30 in magnitude; some steps of networks
    /// this small lose a few units in the last place, 6e-8 each.
    /// </summary>
    private const double Tolerance = 1.5e-6;

    public static TheoryData<string> Names => RandomModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void SaveAsOnnx_EveryKindOfModel_GivesTheScoresOfTheModel(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 23);

        Tensor score = Interpreter.Run(OnnxFile.Of(model), features)["Score"];

        Assert.Equal([23, model.OutputCount], score.Shape);
        AssertClose(RandomModels.Scores(model, features), score.Values);
        PeerCases.Write(name, model, features, RandomModels.Scores(model, features));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SaveAsOnnx_EveryKindOfModel_PredictsItsLabels(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 23), scores = RandomModels.Scores(model, features);

        OnnxFile file = OnnxFile.Of(model);
        Dictionary<string, Tensor> outputs = Interpreter.Run(file, features);

        float[][] rows = [.. scores.Chunk(model.OutputCount)];
        switch (model.Loss)
        {
            case BinaryLoss:
                Assert.Equal([("Score", 1L), ("Probability", 1L), ("PredictedLabel", 9L)], file.Outputs.Select(output => (output.Name, output.Type)));
                Assert.Equal([23, 1], outputs["Probability"].Shape);
                AssertClose([.. scores.Select(MlpModel.Probability)], outputs["Probability"].Values);
                Assert.Equal(rows.Select(row => row[0] > 0 ? 1.0 : 0), outputs["PredictedLabel"].Values);
                break;
            case MulticlassLoss:
                Assert.Equal([("Score", 1L), ("PredictedLabel", 7L)], file.Outputs.Select(output => (output.Name, output.Type)));
                Assert.Equal(rows.Select(row => (double)Array.IndexOf(row, row.Max())), outputs["PredictedLabel"].Values);
                break;
            default:
                Assert.Equal("Score", Assert.Single(file.Outputs).Name);
                break;
        }
    }

    [Fact]
    public void SaveAsOnnx_MissingAndInfiniteValues_AreImputedAsTheModelDoes()
    {
        MlpModel model = RandomModels.Named("residual", InvalidValueHandling.Impute, InvalidValueHandling.Impute);
        float[] features = RandomModels.Features(model, 4);
        (features[0], features[1], features[10], features[20]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue / 4);

        Tensor score = Interpreter.Run(OnnxFile.Of(model), features)["Score"];

        // The last of them is no number to impute, but gives sums beyond anything in training: one class has it all.
        AssertClose(RandomModels.Scores(model, features), score.Values);
        PeerCases.Write("imputed", model, features, RandomModels.Scores(model, features));
    }

    [Theory]
    [InlineData("linear, squared", float.NaN)]
    [InlineData("threshold", float.NaN)]
    [InlineData("input dropout", float.NaN)]
    [InlineData("threshold", float.PositiveInfinity)]
    [InlineData("every activation", float.NegativeInfinity)]
    [InlineData("ensemble of input dropout", float.NaN)]
    public void SaveAsOnnx_ValueThatTheModelRefuses_GivesNaNForItsRowAlone(string name, float value)
    {
        MlpModel model = RandomModels.Named(name, InvalidValueHandling.Fail, InvalidValueHandling.Fail);
        float[] features = RandomModels.Features(model, 3), good = RandomModels.Scores(model, features);
        features[model.FeatureCount + 2] = value;
        Assert.Throws<InvalidFeatureException>(() => RandomModels.Scores(model, features));

        double[] score = Interpreter.Run(OnnxFile.Of(model), features)["Score"].Values;

        int outputs = model.OutputCount;
        float[] expected = [.. good];
        expected.AsSpan(outputs, outputs).Fill(float.NaN);
        PeerCases.Write($"refused {value} {name}", model, features, expected, hasLabels: false);
        Assert.All(score[outputs..(2 * outputs)], wrong => Assert.Equal(double.NaN, wrong));
        AssertClose(good[..outputs], score[..outputs]);
        AssertClose(good[(2 * outputs)..], score[(2 * outputs)..]);
    }

    [Fact]
    public void SaveAsOnnx_ExtremeLogOddsOfAnEnsemble_StayFiniteAndExact()
    {
        MlpModel model = RandomModels.Named("ensemble of input dropout");
        float[] features = [.. RandomModels.Features(model, 23).Select(value => 300 * value)];

        Tensor score = Interpreter.Run(OnnxFile.Of(model), features)["Score"];

        float[] expected = RandomModels.Scores(model, features);
        PeerCases.Write("extreme log-odds", model, features, expected);
        Assert.Contains(expected, value => Math.Abs(value) > 100);
        AssertClose(expected, score.Values);
    }

    [Fact]
    public void SaveAsOnnx_ExtremeLogOdds_HaveTheProbabilitiesOfTheModel()
    {
        MlpModel model = RandomModels.Named("linear, sigmoid", InvalidValueHandling.Fail, InvalidValueHandling.Fail);
        float[] features = [.. RandomModels.Features(model, 23).Select(value => 1e6f * value), float.NaN];

        double[] actual = Interpreter.Run(OnnxFile.Of(model), features)["Probability"].Values;

        float[] expected = [.. RandomModels.Scores(model, features[..^1]).Select(MlpModel.Probability)];
        Assert.True(expected.Min() == MathF.ScaleB(1, -126) && expected.Max() == MathF.BitDecrement(1));
        Assert.Equal([.. expected, float.NaN], actual.Select(value => (float)value));
    }

    [Fact]
    public void SaveAsOnnx_TrainedOnDigits_GivesTheSameScoresForAllTestRows()
    {
        DataFile training = DataFile.Read("optdigits", "train.csv"), test = DataFile.Read("optdigits", "test.csv");
        string[] classes = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];
        var architecture = new MlpArchitecture(64, 10)
        {
            HiddenLayers =
            [
                new(48) { Normalization = Normalization.Batch }, new(48) { Activation = Activation.Gelu, Residual = true },
                new(24) { Activation = Activation.Mish, Normalization = Normalization.Layer },
            ],
        };
        var options = new MlpTrainingOptions { NumberOfEpochs = 3, BatchSize = 128, LearningRate = 0.01f, NumberOfThreads = 1 };
        MlpModel model = MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy(), training.ForClasses(classes)) { Options = options }).Model;
        float[] features = [.. test.Features.SelectMany(row => row)], expected = RandomModels.Scores(model, features);

        Tensor score = Interpreter.Run(OnnxFile.Of(model, classes), features)["Score"];

        AssertClose(expected, score.Values);
        PeerCases.Write("digits", model, features, expected);
        int correct = expected.Chunk(10).Zip(test.Labels).Count(row => classes[Array.IndexOf(row.First, row.First.Max())] == row.Second);
        Assert.True(correct > 0.9 * test.Labels.Length, $"{correct} of {test.Labels.Length} digits are recognised.");
    }

    [Fact]
    public void SaveAsOnnx_SameModel_GivesTheSameBytes()
    {
        MlpModel model = RandomModels.Named("maxout");
        using MemoryStream stream = new(), loaded = new(), again = new();
        model.Save(stream);
        stream.Position = 0;

        model.SaveAsOnnx(loaded, ["a", "b", "c"]);
        MlpModel.Load(stream).SaveAsOnnx(again, ["a", "b", "c"]);

        Assert.Equal(loaded.ToArray(), again.ToArray());
    }

    [Fact]
    public void SaveAsOnnx_File_SaysWhatItIs()
    {
        OnnxFile file = OnnxFile.Of(RandomModels.Named("linear, softmax"), ["red", "grün", "\"blue\""]);

        Assert.Equal((4, 9, "MlNetMlp"), (file.IrVersion, file.OperatorSet, file.Producer));
        Assert.Equal(["red", "grün", "\"blue\""], System.Text.Json.JsonSerializer.Deserialize<string[]>(file.Metadata["OutputNames"])!);
        Assert.Equal(("features", 1, "N", 5), file.Inputs.Select(input => (input.Name, input.Type, input.Rows, input.Columns)).Single());
        Assert.Equal([("Score", "N", 3L), ("PredictedLabel", "N", 1L)], file.Outputs.Select(output => (output.Name, output.Rows, output.Columns)));
        Assert.Contains("red, grün, \"blue\"", file.Outputs[0].Description, StringComparison.Ordinal);
        Assert.Equal([new("Loss", "SoftmaxCrossEntropy")], OnnxFile.Of(RandomModels.Named("linear, softmax")).Metadata);
    }

    [Fact]
    public void SaveAsOnnx_WrongNumberOfNames_IsRefused()
    {
        using var stream = new MemoryStream();

        var exception = Assert.Throws<ArgumentException>(() => RandomModels.Named("linear, softmax").SaveAsOnnx(stream, ["a", "b"]));

        Assert.Contains("2 names; the model has 3 outputs", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);

        // Nor does it depend on the file, which could not be written.
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "network.onnx");
        Assert.Throws<ArgumentException>(() => RandomModels.Named("linear, softmax").SaveAsOnnx(path, ["a", "b"]));
        Assert.Throws<DirectoryNotFoundException>(() => RandomModels.Named("linear, softmax").SaveAsOnnx(path, ["a", "b", "c"]));
    }

    private static void AssertClose(float[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        double[] differences = [.. expected.Zip(actual, (a, b) => Math.Abs(a - b) / scale)];
        Assert.True(Array.TrueForAll(differences, difference => difference <= Tolerance), $"{differences.Max():g3} of {scale:g3}");
    }
}
