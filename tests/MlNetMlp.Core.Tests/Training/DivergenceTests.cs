namespace MlNetMlp.Core.Tests;

public class DivergenceTests
{
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(20)] };

    public static TheoryData<Loss, Optimizer, float> Diverging => new()
    {
        { new SquaredError(), new Sgd(), 1e6f },
        { new SquaredError(), new Momentum(), 50f },
        { new SquaredError(), new Nesterov(), 1e20f },
        { new SquaredError(), new Adam(), 1e30f },
        { new SoftmaxCrossEntropy(), new Sgd(), 3e38f },
        { new SoftmaxCrossEntropy(), new AdamW(), 1e38f },
    };

    [Theory]
    [MemberData(nameof(Diverging))]
    public void Train_RateFarTooLarge_ThrowsWithTheEpochAndWhatToTry(Loss loss, Optimizer optimizer, float rate)
    {
        var reports = new List<EpochReport>();
        var options = new MlpTrainingOptions { NumberOfEpochs = 30, BatchSize = 16, Optimizer = optimizer, LearningRate = rate, NumberOfThreads = 1 };
        var error = Assert.Throws<TrainingDivergedException>(
            () => MlpTrainer.Train(new(_architecture, loss, SmallData.For(loss, 100))
            {
                Validation = SmallData.For(loss, 20),
                Options = options,
                Progress = new ImmediateProgress(reports.Add),
            }));

        // Every epoch before was reported, and all that was reported is finite.
        Assert.Equal(reports.Count + 1, error.Epoch);
        Assert.All(reports, report => Assert.True(double.IsFinite(report.TrainingLoss) && double.IsFinite(report.ValidationLoss!.Value)));
        Assert.Contains($"in epoch {error.Epoch}", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_LastStepOverflows_Throws()
    {
        // One mini-batch, one epoch: the loss is fine, and only the parameters tell.
        var loss = new SquaredError { StandardizeTargets = false };
        var options = new MlpTrainingOptions { NumberOfEpochs = 1, BatchSize = 100, Optimizer = new Sgd(), LearningRate = 3e38f, NumberOfThreads = 1 };
        var error = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(new(_architecture, loss, SmallData.For(loss, 100))
        {
            Options = options,
        }));
        Assert.Equal(1, error.Epoch);
        Assert.Contains("a parameter is no longer finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DifferenceThatIsNoNumber_Throws()
    {
        // Weights of 1e30 and -1e30 meet in the output: infinity less infinity.
        var loss = new AbsoluteError();
        var architecture = new MlpArchitecture(4, 3)
        {
            HiddenLayers = [new(20) { WeightInitializer = Initializer.Orthogonal(1e30f) },
            new(20) { WeightInitializer = Initializer.Orthogonal(1e30f) }]
        };
        var error = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 100))
        {
            Options = new MlpTrainingOptions { NumberOfThreads = 1 },
        }));
        Assert.Equal(1, error.Epoch);
    }

    [Fact]
    public void Train_ValidationRowOverflows_ThrowsInsteadOfForgettingTheBestEpoch()
    {
        var loss = new SquaredError();
        InMemoryRows validation = SmallData.For(loss, 20);
        validation.Add([3e38f, 3e38f, 3e38f, 3e38f], [1, 1, 1]);
        var options = new MlpTrainingOptions { NumberOfEpochs = 3, NumberOfThreads = 1, FeatureScaling = FeatureScaling.None };
        var error = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(new(_architecture, loss, SmallData.For(loss, 100))
        {
            Validation = validation,
            Options = options,
        }));
        Assert.Contains("the validation loss", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FiniteParametersThatFoldToInfinity_Throws()
    {
        // y = 1.5e38 and x = 0.01 fit with a weight of 100 in units of 1.5e38: every number is finite, but not their product, which scoring needs.
        var rows = new InMemoryRows(1, 1);
        rows.Add([-0.01f], [-1.5e38f]);
        rows.Add([0.01f], [1.5e38f]);
        var architecture = new MlpArchitecture(1, 1) { OutputInitializer = Initializer.Zero };
        var options = new MlpTrainingOptions
        {
            NumberOfEpochs = 3,
            BatchSize = 2,
            Optimizer = new Sgd(),
            LearningRate = 1e4f,
            FeatureScaling = FeatureScaling.None,
            NumberOfThreads = 1
        };
        var error = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(new(architecture, new SquaredError(), rows)
        {
            Options = options,
        }));
        Assert.Equal(3, error.Epoch);
        Assert.Contains("a weight of the network as it scores is no longer finite", error.Message, StringComparison.Ordinal);

        // With standardized features the weight is 1.
        MlpModel model = MlpTrainer.Train(new(architecture, new SquaredError(), rows)
        {
            Options = options with { NumberOfEpochs = 50, LearningRate = 0.5f, FeatureScaling = FeatureScaling.Standardize },
        }).Model;
        Assert.Equal(1.5e38, RandomModels.Scores(model, [0.01f])[0], 1e33);
    }

    [Fact]
    public void Train_LargeRateWithClipping_StaysFinite()
    {
        var loss = new SquaredError();
        var options = new MlpTrainingOptions { NumberOfEpochs = 30, BatchSize = 16, Optimizer = new Momentum(), LearningRate = 50, NumberOfThreads = 1 };
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, loss, SmallData.For(loss, 100))
        {
            Options = options with { LearningRate = 0.05f, GradientClipping = GradientClipping.ByNorm(1) },
        });
        Assert.All(result.History, report => Assert.True(double.IsFinite(report.TrainingLoss)));
    }
}
