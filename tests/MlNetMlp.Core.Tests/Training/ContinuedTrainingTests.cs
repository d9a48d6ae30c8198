namespace MlNetMlp.Core.Tests;

public class ContinuedTrainingTests
{
    private static readonly Loss _loss = new SquaredError();
    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(6) { Normalization = Normalization.Batch }, new(5) { Activation = Activation.Tanh }],
    };

    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 10,
        BatchSize = 100,
        Optimizer = new Sgd(),
        LearningRate = 0.05f,
        Shuffle = false,
        NumberOfThreads = 1,
    };

    [Fact]
    public void Train_FiveEpochsAndFiveMore_EqualsTenBitForBit()
    {
        InMemoryRows rows = SmallData.For(_loss, 40);
        MlpTrainingResult ten = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options });
        MlpModel five = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options with { NumberOfEpochs = 5 } }).Model;
        MlpTrainingResult more = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options with { NumberOfEpochs = 5 }, InitialModel = five });
        Assert.Equal(10, ten.BestEpoch);
        Assert.Equal(ten.History.Skip(5).Select(report => report.TrainingLoss), more.History.Select(report => report.TrainingLoss));
        Assert.Equal(SmallData.Saved(ten.Model), SmallData.Saved(more.Model));
    }

    [Fact]
    public void Train_ContinuedWithoutLearning_ScoresAsBefore()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        MlpTrainingOptions still = _options with { NumberOfEpochs = 1, LearningRate = 1e-30f, BatchSize = 2 };

        // One row with weight in each mini-batch, so that the statistics stay as well.
        var rows = new InMemoryRows(4, 3);
        RowBatch given = SmallData.For(_loss, 40).Read();
        for (int i = 0; i < given.Count; i++)
        {
            rows.Add(given.FeaturesOf(i), given.TargetsOf(i), i % 2);
        }

        MlpModel same = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = still, InitialModel = model }).Model;
        float[] features = RandomModels.Features(model, 9);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(same, features)));
    }

    [Fact]
    public void Train_ContinuedOnOtherData_KeepsTheUnitsAndLeavesTheFirstModelAlone()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        byte[] before = SmallData.Saved(model);
        MlpModel continued = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 40, seed: 9))
        {
            Options = _options,
            InitialModel = model,
        }).Model;
        Assert.Equal(model.Standardizer.Offset, continued.Standardizer.Offset);
        Assert.Equal(model.Standardizer.Scale, continued.Standardizer.Scale);
        Assert.Equal(model.Standardizer.Replacement, continued.Standardizer.Replacement);
        Assert.Equal(model.Targets.Offset, continued.Targets.Offset);
        Assert.Equal(model.Targets.Scale, continued.Targets.Scale);
        Assert.False(model.Values.SequenceEqual(continued.Values));
        Assert.Equal(before, SmallData.Saved(model));
    }

    [Fact]
    public void Train_ContinuedWithOtherHandlingOfInvalidValues_FollowsTheOptions()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        MlpModel continued = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 40))
        {
            Options = _options with { MissingValues = InvalidValueHandling.Fail, InfiniteValues = InvalidValueHandling.Impute },
            InitialModel = model,
        }).Model;
        Assert.Equal((InvalidValueHandling.Fail, InvalidValueHandling.Impute), (continued.Standardizer.MissingValues, continued.Standardizer.InfiniteValues));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_ContinuedWhereNoEpochIsBetter_ReturnsTheInitialModel(bool hasValidation)
    {
        // A model that fits, then steps that move every weight by 1.
        InMemoryRows rows = SmallData.For(_loss, 40);
        MlpModel fitted = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options with { NumberOfEpochs = 100 } }).Model;
        MlpTrainingOptions wild = _options with { Optimizer = new Adam(), LearningRate = 1, EarlyStopping = new() { Patience = 4 } };
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, rows)
        {
            Validation = hasValidation ? SmallData.For(_loss, 20, seed: 1) : null,
            Options = wild,
            InitialModel = fitted,
        });
        Assert.Equal((0, true, 4, TrainingEnd.StoppedEarly), (result.BestEpoch, result.IsInitialModel, result.History.Count, result.End));
        Assert.DoesNotContain(result.History, report => report.IsBest);
        Assert.Equal(SmallData.Saved(fitted), SmallData.Saved(result.Model));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_ContinuedWhereAnEpochIsBetter_ReturnsThatEpoch(bool hasValidation)
    {
        InMemoryRows rows = SmallData.For(_loss, 40);
        MlpModel begun = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options with { NumberOfEpochs = 2 } }).Model;
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, rows)
        {
            Validation = hasValidation ? SmallData.For(_loss, 20, seed: 1) : null,
            Options = _options with { EarlyStopping = new() },
            InitialModel = begun,
        });
        Assert.False(result.IsInitialModel);
        Assert.Equal(10, result.BestEpoch);

        // Looking at the initial model first changes nothing of what is learned.
        MlpTrainingResult plain = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options, InitialModel = begun });
        Assert.Equal(plain.History.Select(report => report.TrainingLoss), result.History.Select(report => report.TrainingLoss));
        Assert.Equal(SmallData.Saved(plain.Model), SmallData.Saved(result.Model));
    }

    [Fact]
    public void Train_ContinuedUnderDropoutAndPenalties_JudgesTheInitialModelAsItDoesEpochs()
    {
        // A rate of almost zero: the first epoch meets the initial model under the same masks, so neither is better.
        var architecture = new MlpArchitecture(4, 3)
        {
            HiddenLayers = [new(20) { Normalization = Normalization.Batch, Dropout = 0.5f, DropConnect = 0.2f, ActivityRegularization = 0.1f,
                Noise = 0.1f }, new(8)],
        };
        MlpTrainingOptions still = _options with
        {
            NumberOfEpochs = 1,
            BatchSize = 16,
            Seed = 1,
            Shuffle = true,
            LearningRate = 1e-30f,
            L2Regularization = 0.1f,
            OrthogonalityRegularization = 0.1f,
            EarlyStopping = new(),
        };
        MlpModel model = RandomModels.Create(architecture, _loss);
        InMemoryRows rows = SmallData.For(_loss, 40);
        Assert.True(MlpTrainer.Train(new(architecture, _loss, rows) { Options = still, InitialModel = model }).IsInitialModel);

        // A step that is a little larger lowers the sum, mostly by the penalty, and the epoch is the better one.
        MlpTrainingResult moved = MlpTrainer.Train(new(architecture, _loss, rows)
        {
            Options = still with { LearningRate = 1e-3f },
            InitialModel = model,
        });
        Assert.Equal((1, false), (moved.BestEpoch, moved.IsInitialModel));
    }

    [Fact]
    public void Train_ContinuedAndNothingCompared_KeepsTheLastEpoch()
    {
        InMemoryRows rows = SmallData.For(_loss, 40);
        MlpModel fitted = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options with { NumberOfEpochs = 100 } }).Model;
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, rows)
        {
            Options = _options with { Optimizer = new Adam(), LearningRate = 1 },
            InitialModel = fitted,
        });
        Assert.Equal((10, false), (result.BestEpoch, result.IsInitialModel));
    }

    [Fact]
    public void Train_ContinuedWithValidationAndCancelledInTheFirstEpoch_ReturnsTheInitialModel()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        using var cancellation = new CancellationTokenSource();
        int requests = 0;

        // One pass over the rows and two mini-batches of three.
        var rows = new ObservedRows(SmallData.For(_loss, 40), request =>
        {
            if (++requests == 3 + 2)
            {
                cancellation.Cancel();
            }
        });
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, rows)
        {
            Validation = SmallData.For(_loss, 20, seed: 2),
            Options = _options with { BatchSize = 16 },
            InitialModel = model,
            CancellationToken = cancellation.Token,
        });
        Assert.Equal((0, true, 0, TrainingEnd.Cancelled), (result.BestEpoch, result.IsInitialModel, result.History.Count, result.End));
        float[] features = RandomModels.Features(model, 9);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(result.Model, features)));
    }

    public static TheoryData<MlpArchitecture, Loss, string> Misfits
    {
        get
        {
            MlpArchitecture network = new(4, 3) { HiddenLayers = [new(8), new(8)] };
            return new()
            {
                { network with { HiddenLayers = [new(8)] }, _loss, "it is a network 4-8-8-3, and the options ask for 4-8-3" },
                { network with { HiddenLayers = [new(8), new(9)] }, _loss, "Units of hidden layer 2 is 8 in it, and 9 in the options" },
                { network with { HiddenLayers = [new(8) { Activation = Activation.Tanh }, new(8)] }, _loss, "Activation of hidden layer 1 is " },
                { network with { HiddenLayers = [new(8) { Normalization = Normalization.Batch }, new(8)] }, _loss,
                    "Normalization of hidden layer 1 is null in it, and BatchNormalization" },
                { network with { HiddenLayers = [new(8), new(8) { Residual = true }] }, _loss,
                    "Residual of hidden layer 2 is False in it, and True in the options" },
                { network, new HuberLoss(), "it was trained with SquaredError, and the options ask for HuberLoss" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Train_ContinuedWithWhatParametersDoNotFit_NamesTheOption(MlpArchitecture architecture, Loss loss, string message)
    {
        MlpModel model = RandomModels.Create(new MlpArchitecture(4, 3) { HiddenLayers = [new(8), new(8)] }, _loss);
        var error = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 40))
        {
            Options = _options,
            InitialModel = model,
        }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever does not touch the parameters may change: the model carries the new options, and with steps of nothing the old scores.</summary>
    [Fact]
    public void Train_ContinuedWithOtherNoiseAndStart_KeepsTheParameters()
    {
        var huber = new HuberLoss { Delta = 1.5f };
        MlpModel model = RandomModels.Create(new MlpArchitecture(4, 3) { HiddenLayers = [new(8), new(8) { Activation = Activation.PRelu() }] }, huber);
        MlpArchitecture other = new(4, 3)
        {
            InputDropout = 0.1f,
            InputNoise = 0.1f,
            OutputInitializer = Initializer.Zero,
            HiddenLayers =
            [
                new(8) { Dropout = 0.5f, Noise = 0.1f, DropConnect = 0.2f, InitialBias = 1, ActivityRegularization = 0.1f },
                new(8) { Activation = Activation.PRelu(0.1f), WeightInitializer = Initializer.Gaussian() },
            ],
        };
        MlpModel further = MlpTrainer.Train(new(other, huber with { Delta = 2 }, SmallData.For(huber, 40))
        {
            Options = _options with { NumberOfEpochs = 1, LearningRate = 1e-30f, Optimizer = new Sgd() },
            InitialModel = model,
        }).Model;

        Assert.Equal(other, further.Architecture);
        float[] features = RandomModels.Features(model, 9);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(further, features)));
    }

    public static TheoryData<Normalization, Normalization, bool> Normalizations => new()
    {
        { new BatchNormalization(), new BatchNormalization { Momentum = 0.5f, Statistics = BatchStatistics.TrainingSet }, true },
        { new BatchNormalization { Momentum = 0.5f, Epsilon = 0.001f }, new BatchNormalization { Epsilon = 0.001f }, true },
        { new BatchRenormalization(), new BatchRenormalization { Momentum = 0.5f, MaximumScale = 2, MaximumShift = 1, WarmupSteps = 3, ScaleRampSteps = 5,
            ShiftRampSteps = 7 }, true },
        { new BatchNormalization(), new BatchNormalization { Epsilon = 0.001f }, false },
        { new BatchRenormalization(), new BatchRenormalization { Epsilon = 0.001f }, false },
        { new LayerNormalization(), new LayerNormalization { Epsilon = 0.001f }, false },
        { new BatchNormalization(), new BatchRenormalization(), false },
    };

    /// <summary>How statistics are collected is a matter of the training run; what they are used for is not.</summary>
    [Theory]
    [MemberData(nameof(Normalizations))]
    public void Train_ContinuedWithOtherSettingsOfANormalization_RefusesThoseOfTheFunction(Normalization before, Normalization now, bool isAllowed)
    {
        MlpModel model = MlpTrainer.Train(new(Network(before), _loss, SmallData.For(_loss, 40)) { Options = _options with { NumberOfEpochs = 1 } }).Model;
        TrainingTask further = new(Network(now), _loss, SmallData.For(_loss, 40)) { Options = _options, InitialModel = model };

        if (isAllowed)
        {
            Assert.Equal(now, MlpTrainer.Train(further).Model.Architecture.HiddenLayers[0].Normalization);
        }
        else
        {
            string message = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(further)).Message;
            Assert.Contains($"Normalization of hidden layer 1 is {before} in it, and {now} in the options", message, StringComparison.Ordinal);
        }

        static MlpArchitecture Network(Normalization normalization) => new(4, 3) { HiddenLayers = [new(8) { Normalization = normalization }] };
    }

    [Fact]
    public void Train_ContinuedWithStandardizationTurnedOff_IsRefused()
    {
        MlpModel model = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 40)) { Options = _options with { NumberOfEpochs = 1 } }).Model;

        Assert.StartsWith("FeatureScaling is None, but the model", Continue(_loss, _options with { FeatureScaling = FeatureScaling.None }),
            StringComparison.Ordinal);
        Assert.StartsWith("StandardizeTargets is false, but the model", Continue(new SquaredError { StandardizeTargets = false }, _options),
            StringComparison.Ordinal);

        string Continue(Loss loss, MlpTrainingOptions options) => Assert.Throws<ArgumentException>(() => MlpTrainer.Train(
            new(_architecture, loss, SmallData.For(_loss, 40)) { Options = options, InitialModel = model })).Message;
    }
}
