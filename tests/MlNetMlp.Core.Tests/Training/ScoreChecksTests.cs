using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>What training accepts, the model scores: rows that no mini-batch had, and weights that only the last step made too large.</summary>
public sealed class ScoreChecksTests
{
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 1,
        BatchSize = 64,
        Optimizer = new Sgd(),
        Shuffle = false,
        FeatureScaling = FeatureScaling.None,
        NumberOfThreads = 1,
    };

    /// <summary>The hinge's slope is the feature: one step of 1e6 makes a weight of 1e36, which no epoch meets any more.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Train_LastStepTooLarge_SaysWhichRowHasNoScore(bool isSparse, bool isValidated)
    {
        IRowSource rows = Rows(isSparse, 1e30f, 1e30f), small = Rows(isSparse, 1e-30f, 1e-30f);
        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(
            new(new MlpArchitecture(2, 1) { OutputInitializer = Initializer.Zero }, new BinaryHinge(), rows)
            {
                Validation = isValidated ? small : null,
                Options = _options with { LearningRate = 1e6f },
            }));
        Assert.Equal(1, exception.Epoch);
        Assert.Contains("the score of row 0 of the training rows, where feature 1 is 1E+30, is no longer finite", exception.Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), exception.InnerException is InvalidFeatureException inner ? (inner.Row, inner.Feature) : default);
    }

    /// <summary>The most numerous class is drawn as often as the single row of the other one, so its last rows have no turn in the only epoch.</summary>
    [Fact]
    public void Train_RowThatIsNeverDrawn_IsStandardizedBeforeTheFirstEpoch()
    {
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < 40; i++)
        {
            rows.Add([i, i == 39 ? 3e38f : -3e38f], [i == 0 ? 1 : 0]);
        }

        var reports = new List<EpochReport>();
        InvalidFeatureException exception = Assert.Throws<InvalidFeatureException>(() => MlpTrainer.Train(
            new(new MlpArchitecture(2, 1), new SigmoidCrossEntropy(), rows)
            {
                Options = _options with { FeatureScaling = FeatureScaling.Standardize, ClassBalancedBatches = true },
                Progress = new ImmediateProgress(reports.Add),
            }));
        Assert.Equal((39, 1), (exception.Row, exception.Feature));
        Assert.Empty(reports);
    }

    /// <summary>Where the bound promises finite outputs, there are some, at the size that it was asked for; and it promises them where it should.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e6)]
    [InlineData(1e14)]
    [InlineData(1e20)]
    [InlineData(1e30)]
    [InlineData(3e38)]
    public void HasFiniteOutputs_OfAnyNetwork_IsTrueOnlyWhereTheyAre(double size)
    {
        foreach (GradientCase example in GradientCase.All.DistinctBy(example => example.Architecture))
        {
            bool isKnown = !example.Architecture.HiddenLayers.Any(layer => layer.Activation is CustomActivation);
            for (int seed = 0; seed < 3; seed++)
            {
                MlpModel model = RandomModels.Create(example.Architecture, example.Loss, seed: seed);
                bool isPromised = model.HasFiniteOutputs(size, drops: false);
                Assert.True(isPromised == isKnown || size > 1e6, $"{example.Name}: nothing is promised for features of {size}.");
                float[] features = Corners(model, size, seed);
                Exception? exception = Record.Exception(() => model.Predict(features, new float[16 * model.OutputCount], 16));
                Assert.False(isPromised && exception is not null, $"{example.Name}: {exception?.Message}");
            }
        }
    }

    /// <summary>Rows whose features are of that size once they are standardized, or would be if single precision went that far.</summary>
    private static float[] Corners(MlpModel model, double size, int seed)
    {
        var random = new SeededRandom(seed);
        float[] features = new float[16 * model.FeatureCount];
        for (int i = 0; i < features.Length; i++)
        {
            int j = i % model.FeatureCount;
            double scale = model.Standardizer.Scale[j], sign = random.Below(2, i) == 0 ? -1 : 1;
            features[i] = (float)Math.Clamp(scale == 0 ? 0 : sign * size / scale + model.Standardizer.Offset[j], -1e38, 1e38);
        }

        return features;
    }

    private static IRowSource Rows(bool isSparse, float first, float second)
    {
        var dense = new InMemoryRows(2, 1);
        var sparse = new SparseRows(2, 1);
        for (int i = 0; i < 8; i++)
        {
            float x = i % 2 == 0 ? second : -first;
            dense.Add([0, x], [i % 2 == 0 ? 1 : 0]);
            sparse.Add([1], [x], [i % 2 == 0 ? 1 : 0]);
        }

        return isSparse ? sparse : dense;
    }
}
