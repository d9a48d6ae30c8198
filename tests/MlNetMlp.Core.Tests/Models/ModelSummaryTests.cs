using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Numbers of parameters are counted by hand.</summary>
public sealed class ModelSummaryTests
{
    [Fact]
    public void Summary_OfDigits_CountsLayerByLayer()
    {
        ModelSummary summary = Untrained(new(784, 10) { HiddenLayers = [new(100)] }).Summary();

        Assert.Equal(["Hidden1: 100 Relu, 784 x 100, 100, 78500 parameters", "Output: 10, 100 x 10, 10, 1010 parameters"],
            summary.Layers.Select(layer => $"{layer}"));
        Assert.Equal((79_510, 0), (summary.ParameterCount, summary.StatisticCount));
        Assert.Contains("78,500", $"{summary}", StringComparison.Ordinal);
        Assert.Contains("79,510", $"{summary}", StringComparison.Ordinal);
        Assert.Empty(summary.Training);
    }

    [Fact]
    public void Summary_ToString_IsATable()
    {
        string[] lines = $"{Untrained(new(4, 1) { HiddenLayers = [new(16)], SharedMembers = 3 }).Summary()}".Split('\n');

        // 3 x 4 scales; 4 x 16 weights and 16 biases; three times 16 weights and a bias.
        Assert.Equal("4-16-1 (3 members) with SquaredError", lines[0]);
        Assert.Equal("  part     units    learned            numbers", lines[1]);
        Assert.Equal("  Scales            3 x 4                   12", lines[2]);
        Assert.Equal("  Hidden1  16 Relu  4 x 16, 16              80", lines[3]);
        Assert.Equal("  Output   1        3 times 16 x 1, 1       51", lines[4]);
        Assert.Equal("  in all                                   143", lines[5]);
    }

    /// <summary>Gain, shift, mean and deviation of the normalization: the last two are measured.</summary>
    [Fact]
    public void Summary_BatchNormalization_TellsWhatIsMeasured()
    {
        MlpModel one = Untrained(new(5, 2) { HiddenLayers = [new(7) { Normalization = Normalization.Batch }] });

        Assert.Equal((5 * 7 + 7 + 7 + 7 * 2 + 2, 14), (one.Summary().ParameterCount, one.Summary().StatisticCount));
        Assert.Equal((2 * 65, 28), (MlpModel.Average([one, one]).Summary().ParameterCount, MlpModel.Average([one, one]).Summary().StatisticCount));
    }

    /// <summary>A number, an indicator, a constant, a number of three values, a number that is missing in every fifth row.</summary>
    [Fact]
    public void Summary_Features_TellWhatWasFound()
    {
        var rows = new InMemoryRows(5, 1);
        for (int i = 0; i < 100; i++)
        {
            rows.Add([i, i % 7 == 0 ? 1 : 0, 3, i % 3 - 1, i % 5 == 0 ? float.NaN : i], [i % 11]);
        }

        MlpTrainingOptions options = new()
        {
            NumericEmbedding = NumericEmbedding.PiecewiseLinear(4),
            FeatureScaling = FeatureScaling.StandardizeNumbers,
            MissingIndicators = true,
            NumberOfEpochs = 1,
        };
        var loss = new SquaredError { ClampPredictions = true };
        ModelSummary summary = MlpTrainer.Train(new(new(5, 1), loss, rows) { Options = options }).Model.Summary();

        // Four bins, two between three values, four.
        Assert.Equal(
        [
            "Features: 5, of which 3 are scaled, 1 are taken as they are, and 1 are ignored, because they said nothing in training.",
            "Encoding: 10 bins of 3 numbers; nothing is clipped.",
            "Missing values: the mean of the training rows in their place; features that also show where they are missing: 1.",
            "Scores: kept within the labels of the training rows.",
        ],
        summary.Features);
    }

    [Fact]
    public void Summary_EmbeddedAndWhitened_TellsSo()
    {
        MlpModel embedded = Untrained(new(3, 1) { Numbers = new(new PbldEmbedding { Frequencies = 4, Width = 2 }, [0, 2]), HiddenLayers = [new(5)] });

        // Frequencies, phases, weights and biases of two numbers; 3 + 2 x 2 inputs.
        Assert.Equal(2 * (4 + 4 + 4 * 2 + 2) + 7 * 5 + 5 + 5 + 1, embedded.Summary().ParameterCount);
        Assert.Contains(embedded.Summary().Features, line => line.StartsWith("Embedding: 2 numbers", StringComparison.Ordinal));
        Assert.Contains("Whitening: 3 features to 1 components.", Untrained(new(3, 1) { Whitening = new(3, [1, 2, 3]) }).Summary().Features);
    }

    private static MlpModel Untrained(MlpArchitecture architecture) => RandomModels.Create(architecture, new SquaredError());
}
