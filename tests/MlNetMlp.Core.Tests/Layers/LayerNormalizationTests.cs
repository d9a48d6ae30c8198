namespace MlNetMlp.Core.Tests;

/// <summary>Formulas and gradients are checked with all other layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public class LayerNormalizationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(100)]
    public void Normalize_AnyRow_HasMeanZeroAndVarianceOne(int size)
    {
        float[] row = [.. Enumerable.Range(0, size).Select(i => 5 + 3 * MathF.Sin(i * i))], normalized = new float[size];
        float inverse = LayerNormalizationStep.Normalize(row, 1e-5f, normalized);
        double mean = row.Average(value => (double)value), variance = row.Average(value => (value - mean) * (value - mean));
        Assert.Equal(1 / Math.Sqrt(variance + 1e-5), inverse, 1e-5 * inverse);
        Assert.All(row.Zip(normalized), pair => Assert.Equal((pair.First - mean) / Math.Sqrt(variance + 1e-5), pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e30f)]
    public void Normalize_ConstantOrHugeRow_IsFinite(float size)
    {
        float[] constant = [size, size, size], normalized = new float[3];
        LayerNormalizationStep.Normalize(constant, 1e-5f, normalized);
        Assert.Equal([0, 0, 0], normalized);

        LayerNormalizationStep.Normalize([1e30f, -1e30f, 0], 1e-5f, normalized);
        Assert.All(normalized.Zip([1.2247449f, -1.2247449f, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void Predict_WeightedSumsOfTwiceTheSize_ScoresTheSame()
    {
        // Twice all weights of a layer is twice its sums, which the normalization takes back, but for epsilon.
        MlpModel model = RandomModels.Named("layer normalization");
        ParameterVector parameters = model.RestoreParameters();
        foreach (ref float weight in parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == "Hidden1.Weights")))
        {
            weight *= 2;
        }

        var twice = new MlpModel(model.Architecture, model.Loss, model.Standardizer, model.Targets, parameters.Snapshot());
        float[] features = RandomModels.Features(model, 20), scores = RandomModels.Scores(model, features);
        Assert.All(scores.Zip(RandomModels.Scores(twice, features)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f * scores.Max(MathF.Abs)));
    }

    [Fact]
    public void Train_MiniBatchesOfOneRow_Learn()
    {
        // Where batch normalization has no variance to divide by.
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 300);
        var architecture = new MlpArchitecture(4, 3)
        {
            HiddenLayers = [new(24) { Normalization = Normalization.Layer },
            new(24) { Normalization = Normalization.Layer, Residual = true }]
        };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, rows)
        {
            Options = new() { NumberOfEpochs = 15, BatchSize = 1, NumberOfThreads = 1, LearningRate = Schedule.Cosine(3e-3f) },
        });
        Assert.InRange(Evaluation.Accuracy(result.Model, rows), 0.9, 1);
    }
}
