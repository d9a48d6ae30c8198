using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Files of this library, read back.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Names => RandomModels.NamesOfReadable;

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_FileOfSaveAsOnnx_GivesTheScoresOfTheModel(string name) => AssertSame(RandomModels.Named(name), name);

    [Theory]
    [InlineData(RandomModels.Mapped)]
    [InlineData(RandomModels.OfExponentials)]
    public void Load_WhatNoNetworkHasHere_IsRefusedByItsOperator(string name)
    {
        using var stream = new MemoryStream();
        RandomModels.Named(name).SaveAsOnnx(stream);
        stream.Position = 0;

        var exception = Assert.Throws<NotSupportedException>(() => OnnxModel.Load(stream));

        Assert.Contains("operator", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EveryActivationBehindEveryNormalization_GivesTheScoresOfTheModel()
    {
        foreach (Activation activation in ExportedParts.Activations.Values)
        {
            foreach (Normalization? normalization in ExportedParts.Normalizations)
            {
                foreach (bool residual in (bool[])[false, true])
                {
                    HiddenLayer[] layers =
                    [
                        new(9), new(9) { Activation = activation, Normalization = normalization, Residual = residual },
                        new(5) { Activation = activation },
                    ];
                    AssertSame(
                        RandomModels.Create(new MlpArchitecture(6, 3) { HiddenLayers = layers }, new SoftmaxCrossEntropy()),
                        $"{activation}, {normalization}, residual: {residual}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Load_EnsemblesOfEveryLoss_GiveTheScoresOfTheModel(int members)
    {
        foreach (Loss loss in ExportedParts.Losses)
        {
            int outputs = loss is BinaryLoss ? 1 : 3;
            MlpModel first = RandomModels.Create(new MlpArchitecture(4, outputs) { HiddenLayers = [new(5) { Activation = Activation.Tanh }] }, loss);
            AssertSame(members == 1 ? first : RandomModels.Ensemble(first, members), loss.ToString());
        }
    }

    [Theory]
    [InlineData("residual", InvalidValueHandling.Fail, InvalidValueHandling.Fail)]
    [InlineData("residual", InvalidValueHandling.Impute, InvalidValueHandling.Fail)]
    [InlineData("residual", InvalidValueHandling.Fail, InvalidValueHandling.Impute)]
    [InlineData("residual", InvalidValueHandling.Impute, InvalidValueHandling.Impute)]
    [InlineData("encoded, with missing values", InvalidValueHandling.Fail, InvalidValueHandling.Fail)]
    [InlineData("encoded, with missing values", InvalidValueHandling.Impute, InvalidValueHandling.Fail)]
    [InlineData("encoded, with missing values", InvalidValueHandling.Fail, InvalidValueHandling.Impute)]
    [InlineData("encoded, with missing values", InvalidValueHandling.Impute, InvalidValueHandling.Impute)]
    public void Load_InvalidValues_AreReplacedOrRefusedAsTheModelDoes(string name, InvalidValueHandling missing, InvalidValueHandling infinite)
    {
        MlpModel model = RandomModels.Named(name, missing, infinite), loaded = RoundTrip(model);
        float[] features = RandomModels.Features(model, 1), expected = new float[model.OutputCount], actual = new float[model.OutputCount];
        foreach (float value in (float[])[1.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            features[4] = value;

            Exception? refusal = Record.Exception(() => model.Predict(features, expected));

            Assert.Equal(refusal?.GetType(), Record.Exception(() => loaded.Predict(features, actual))?.GetType());
            Assert.Equal(float.IsNaN(value) ? missing == InvalidValueHandling.Fail : float.IsInfinity(value) && infinite == InvalidValueHandling.Fail,
                refusal is InvalidFeatureException);
            if (refusal is null)
            {
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Load_ModelThatDoesNotStandardize_GivesTheScoresOfTheModel()
    {
        var parameters = new MlpNetwork(new MlpArchitecture(3, 2) { HiddenLayers = [new(3) { Residual = true }] }, 0).Parameters;
        RandomModels.Randomize(parameters, new MlNetMlp.Numerics.SeededRandom(3));
        foreach (InvalidValueHandling missing in Enum.GetValues<InvalidValueHandling>())
        {
            AssertSame(
                new MlpModel(
                    new MlpArchitecture(3, 2) { HiddenLayers = [new(3) { Residual = true }] }, new SquaredError(),
                    FeatureStandardizer.AsGiven(3, missing, InvalidValueHandling.Fail), TargetUnits.AsGiven(2), parameters.Snapshot()),
                $"{missing}");
        }
    }

    [Theory]
    [InlineData("linear, sigmoid", "Score")]
    [InlineData("linear, sigmoid", "Probability")]
    [InlineData("ensemble of linear, sigmoid", "Score")]
    [InlineData("ensemble of linear, sigmoid", "Probability")]
    public void Load_OutputOfTwoClasses_ScoresLogOdds(string name, string output)
    {
        MlpModel model = RandomModels.Named(name);
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        stream.Position = 0;

        MlpModel loaded = OnnxModel.Load(stream, output: output);

        Assert.IsType<SigmoidCrossEntropy>(loaded.Loss);
        float[] features = RandomModels.Features(model, 9);
        Assert.Equal(RandomModels.Scores(model, features), RandomModels.Scores(loaded, features));
    }

    [Fact]
    public void Load_ProbabilityAsAValue_ScoresProbabilities()
    {
        MlpModel model = RandomModels.Named("linear, sigmoid");
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        stream.Position = 0;

        MlpModel loaded = OnnxModel.Load(stream, new SquaredError(), "Probability");

        float[] features = RandomModels.Features(model, 9);
        float[] expected = [.. RandomModels.Scores(model, features).Select(MlpModel.Probability)], actual = RandomModels.Scores(loaded, features);
        Assert.True(expected.Zip(actual).Max(pair => Math.Abs(pair.First - (double)pair.Second)) < 3e-7);
    }

    [Fact]
    public void Load_OutputThatIsNoneOfTheScores_IsRefused()
    {
        using var stream = new MemoryStream();
        RandomModels.Named("linear, sigmoid").SaveAsOnnx(stream);
        stream.Position = 0;

        Assert.Contains("'PredictedLabel'", Assert.Throws<NotSupportedException>(() => OnnxModel.Load(stream, output: "PredictedLabel")).Message,
            StringComparison.Ordinal);
        stream.Position = 0;
        var exception = Assert.Throws<ArgumentException>(() => OnnxModel.Load(stream, output: "Scores"));
        Assert.Contains("no output 'Scores'; it has Score, Probability, PredictedLabel", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ensemble of residual", typeof(SquaredError))]
    [InlineData("ensemble of input dropout", typeof(BinaryHinge))]
    [InlineData("ensemble of hinge", typeof(SigmoidCrossEntropy))]
    [InlineData("ensemble of batch normalization", typeof(SoftmaxCrossEntropy))]
    public void Load_EnsembleWithALossOfOtherMeans_IsRefused(string name, Type loss)
    {
        using var stream = new MemoryStream();
        RandomModels.Named(name).SaveAsOnnx(stream);
        stream.Position = 0;

        var exception = Assert.Throws<NotSupportedException>(() => OnnxModel.Load(stream, (Loss)Activator.CreateInstance(loss)!));

        Assert.Contains($"means of 3 networks that {loss.Name} does not take", exception.Message, StringComparison.Ordinal);
    }

    private static MlpModel RoundTrip(MlpModel model)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        stream.Position = 0;
        return OnnxModel.Load(stream);
    }

    /// <summary>Bit for bit, but where the lengths of weights have to be found again, and where the scales of members have become part of weights.</summary>
    private static void AssertSame(MlpModel model, string what)
    {
        MlpModel loaded = RoundTrip(model);

        Assert.Equal(model.Loss.GetType(), loaded.Loss.GetType());
        Assert.Equal(model.Members.Count, loaded.Members.Count);

        // Members that share a network are written as networks of their own. A whitening is a part of the first weights, or comes back as a linear layer.
        if (model.Architecture.Whitening is null)
        {
            Assert.Equal($"{model.Architecture with { SharedMembers = 1 }}", $"{loaded.Architecture}");
        }

        float[] features = RandomModels.Features(model, 57), expected = RandomModels.Scores(model, features), actual = RandomModels.Scores(loaded, features);
        double tolerance = model.Architecture.HiddenLayers.Any(layer => layer.Normalization is CosineNormalization) ? 2e-6
            : model.Architecture.SharedMembers > 1 ? 5e-7
            : 0;
        double worst = expected.Zip(actual).Max(pair => Math.Abs(pair.First - (double)pair.Second)) / Math.Max(1, expected.Max(Math.Abs));
        Assert.True(worst <= tolerance, $"{worst:g3} {what}");
    }
}
