using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Files are run by ONNX Runtime, and compared with the model's own scores, row by row.</summary>
public sealed class OnnxRuntimeTests
{
    /// <summary>
    /// Both work in single precision, 6e-8; functions of the runtime are good to some units in the last place, and its sums have another
    /// order. The share is of the greatest score.
    /// </summary>
    private const double Tolerance = 5e-6;

    public static TheoryData<string> Names => RandomModels.Names;

    public static TheoryData<string> Activations => [.. ExportedParts.Activations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_EveryKindOfModel_GivesTheScoresOfTheModel(string name)
    {
        MlpModel model = RandomModels.Named(name);

        AssertSame(model, RandomModels.Features(model, 57));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Run_ActivationBehindEveryNormalization_GivesTheScoresOfTheModel(string name)
    {
        foreach (Normalization? normalization in ExportedParts.Normalizations)
        {
            foreach (bool residual in (bool[])[false, true])
            {
                HiddenLayer[] layers =
                [
                    new(9), new(9) { Activation = ExportedParts.Activations[name], Normalization = normalization, Residual = residual },
                    new(5) { Activation = ExportedParts.Activations[name] },
                ];
                MlpModel model = RandomModels.Create(new MlpArchitecture(6, 3) { HiddenLayers = layers }, new SoftmaxCrossEntropy());

                AssertSame(model, RandomModels.Features(model, 19), $"{normalization}, residual: {residual}");
            }
        }
    }

    /// <summary>Every activation that a model can have is in the table above, but for those of users.</summary>
    [Fact]
    public void Activations_AreAll() => Assert.Equal(
        typeof(Activation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Activation)) && !type.IsAbstract).Select(type => type.Name).Order(),
        ExportedParts.Activations.Values.Append(CustomParts.Softsign).Select(activation => activation.GetType().Name).Order());

    [Fact]
    public void Save_ActivationOfAUser_IsRefused()
    {
        MlpModel model = RandomModels.Create(new MlpArchitecture(4, 3) { HiddenLayers = [new(5) { Activation = CustomParts.Softsign }] }, new SquaredError());
        using var stream = new MemoryStream();
        Assert.Contains("activation Custom 'softsign' cannot be written as ONNX",
            Assert.Throws<NotSupportedException>(() => model.SaveAsOnnx(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_AreAll() => Assert.Equal(
        typeof(Loss).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Loss)) && !type.IsAbstract).Select(type => type.Name).Order(),
        ExportedParts.Losses.Concat(ExportedParts.CustomLosses).Select(loss => loss.GetType().Name).Distinct().Order());

    [Fact]
    public void Normalizations_AreAll() => Assert.Equal(
        typeof(Normalization).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Normalization)) && !type.IsAbstract).Select(type => type.Name).Order(),
        ExportedParts.Normalizations.OfType<Normalization>().Select(normalization => normalization.GetType().Name).Order());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_EnsemblesOfEveryLoss_GiveTheScoresOfTheModel(int members)
    {
        foreach (Loss loss in ExportedParts.Losses.Concat(ExportedParts.CustomLosses))
        {
            int outputs = loss is BinaryLoss ? 1 : 3;
            MlpModel first = RandomModels.Create(new MlpArchitecture(4, outputs) { HiddenLayers = [new(5) { Activation = Activation.Tanh }] }, loss);
            MlpModel model = members == 1 ? first : RandomModels.Ensemble(first, members);

            AssertSame(model, RandomModels.Features(model, 31), loss.ToString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Run_AnyNumberOfRows_GivesTheScoresOfTheModel(int rows)
    {
        MlpModel model = RandomModels.Named("wide");

        AssertSame(model, RandomModels.Features(model, rows));
    }

    [Fact]
    public void Run_MissingAndInfiniteValues_AreImputedAsTheModelDoes()
    {
        MlpModel model = RandomModels.Named("residual", InvalidValueHandling.Impute, InvalidValueHandling.Impute);
        float[] features = RandomModels.Features(model, 6);
        (features[0], features[1], features[10], features[20]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue / 4);
        features.AsSpan(27, 9).Fill(float.NaN);

        AssertSame(model, features);
    }

    [Theory]
    [InlineData("linear, squared", float.NaN)]
    [InlineData("threshold", float.PositiveInfinity)]
    [InlineData("every activation", float.NegativeInfinity)]
    [InlineData("ensemble of input dropout", float.NaN)]
    public void Run_ValueThatTheModelRefuses_GivesNaNForItsRowAlone(string name, float value)
    {
        MlpModel model = RandomModels.Named(name, InvalidValueHandling.Fail, InvalidValueHandling.Fail);
        float[] features = RandomModels.Features(model, 3), good = RandomModels.Scores(model, features);
        features[model.FeatureCount + 2] = value;

        float[] scores = Run(model, features).Scores;

        int outputs = model.OutputCount;
        Assert.All(scores[outputs..(2 * outputs)], wrong => Assert.Equal(float.NaN, wrong));
        AssertClose(good[..outputs], scores[..outputs], name);
        AssertClose(good[(2 * outputs)..], scores[(2 * outputs)..], name);
    }

    [Theory]
    [InlineData("linear, sigmoid")]
    [InlineData("ensemble of input dropout")]
    public void Run_ExtremeLogOdds_HaveProbabilitiesBetween0And1_AndRefusedOnesNone(string name)
    {
        MlpModel model = RandomModels.Named(name, InvalidValueHandling.Fail, InvalidValueHandling.Fail);
        float[] features = [.. RandomModels.Features(model, 200).Select(value => 1e6f * value)];
        float[] expected = [.. RandomModels.Scores(model, features).Select(MlpModel.Probability)];
        Assert.Contains(expected, probability => probability == MathF.ScaleB(1, -126) || probability == MathF.BitDecrement(1));

        Assert.All(Run(model, features).Probabilities.Zip(expected), pair => Assert.True(
            pair.First > 0 && pair.First < 1 && pair.First > 0.5f == pair.Second > 0.5f, $"{pair.First} for {pair.Second}"));

        features[^1] = float.NaN;
        Assert.Equal(float.NaN, Run(model, features).Probabilities[^1]);
    }

    private static void AssertSame(MlpModel model, float[] features, string what = "")
    {
        float[] expected = RandomModels.Scores(model, features);

        (float[] scores, float[] probabilities, long[] labels) = Run(model, features);

        AssertClose(expected, scores, what);
        float[][] rows = [.. expected.Chunk(model.OutputCount)];
        switch (model.Loss)
        {
            case BinaryLoss:
                AssertClose([.. expected.Select(MlpModel.Probability)], probabilities, what);
                Assert.Equal(scores.Select(score => score > 0 ? 1L : 0), labels);
                break;
            case MulticlassLoss:
                Assert.Equal(scores.Chunk(model.OutputCount).Select(row => (long)Array.IndexOf(row, row.Max())), labels);
                Assert.All(rows.Zip(labels), row => Assert.True(row.First.Max() - row.First[row.Second] <= Tolerance));
                break;
        }
    }

    private static (float[] Scores, float[] Probabilities, long[] Labels) Run(MlpModel model, float[] features)
    {
        using var file = new MemoryStream();
        model.SaveAsOnnx(file);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(file.ToArray(), options);
        int rows = features.Length / model.FeatureCount;
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(features, [rows, model.FeatureCount]))]);

        var score = (DenseTensor<float>)outputs.Single(output => output.Name == "Score").Value;
        Assert.Equal([rows, model.OutputCount], score.Dimensions.ToArray());
        object? label = outputs.SingleOrDefault(output => output.Name == "PredictedLabel")?.Value;
        return (
            [.. score],
            outputs.SingleOrDefault(output => output.Name == "Probability")?.Value is DenseTensor<float> probability ? [.. probability] : [],
            label switch
            {
                DenseTensor<long> classes => [.. classes],
                DenseTensor<bool> truth => [.. truth.Select(value => value ? 1L : 0)],
                _ => [],
            });
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        double worst = expected.Zip(actual).Max(pair => Math.Abs(pair.First - (double)pair.Second)) / scale;
        Assert.True(worst <= Tolerance, $"{worst:g3} of {scale:g3} {what}");
    }
}
