namespace MlNetMlp.Core.Tests;

/// <summary>A training that was stopped and continued is the uninterrupted one, bit for bit.</summary>
public sealed class ContinuationTests : IDisposable
{
    private const int Epochs = 7;

    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _small = new(4, 3) { HiddenLayers = [new(6) { Activation = Activation.Tanh }] };
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = Epochs,
        BatchSize = 16,
        LearningRate = 0.01f,
        NumberOfThreads = 1,
        Seed = 3
    };

    /// <summary>Everything that draws random numbers or keeps statistics.</summary>
    private static readonly MlpArchitecture _large = new(4, 3)
    {
        InputDropout = 0.1f,
        InputNoise = 0.1f,
        HiddenLayers =
        [
            new(12) { Normalization = Normalization.Batch, Dropout = 0.3f },
            new(9) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet }, Noise = 0.1f },
            new(9) { Normalization = Normalization.Layer, Residual = true },
        ],
    };

    private readonly TemporaryFolder _folder = new();

    /// <summary>Every optimizer of the library; <see cref="FullBatchContinuationTests"/> has more of the last one.</summary>
    public static TheoryData<string, Optimizer> Optimizers
    {
        get
        {
            var data = new TheoryData<string, Optimizer> { { "Lbfgs", new Lbfgs() } };
            Array.ForEach(OptimizerCase.All, line => data.Add(line.Name, line.Optimizer));
            return data;
        }
    }

    public static TheoryData<Schedule> Schedules =>
    [
        0.01f, Schedule.Cosine(0.02f), Schedule.Step(0.02f, 2), Schedule.Stages(0.02f, (2.5, 0.01f), (5, 0.001f)), Schedule.Exponential(0.02f, 0.2f),
        Schedule.Cyclic(0.001f, 0.02f, 2.5), Schedule.OneCycle(0.02f), Schedule.Warmup(3).Then(Schedule.Polynomial(0.02f, power: 2)),
        Schedule.InverseTime(0.02f, 0.1f), Schedule.Polynomial(0.02f), Schedule.Constant(0.1f).ScaledByBatchSize(),
        Schedule.Cosine(0.02f).PerEpoch(), Schedule.LogCosine(0.02f), Schedule.FlatThenCosine(0.02f), Plateau(),
        Schedule.Warmup(2).Then(Plateau()).PerEpoch(), Schedule.Custom("root", 0.02f, (epoch, _) => 0.02 / Math.Sqrt(1 + epoch)),
    ];

    /// <summary>Networks and options that change what is carried along, or what the best epoch is chosen by.</summary>
    public static TheoryData<string, MlpArchitecture, MlpTrainingOptions> Settings => new()
    {
        { "penalties", _small, _options with { L1Regularization = 1e-3f, L2Regularization = 1e-2f, OrthogonalityRegularization = 1e-3f } },
        { "penalties by schedules", _small, _options with
        {
            L1Regularization = Schedule.Stages(0, (2, 1e-3f)), L2Regularization = Schedule.Cosine(0.1f),
            OrthogonalityRegularization = Schedule.Warmup(3).Then(1e-2f), DropoutSchedule = Schedule.FlatThenCosine(1),
        } },
        { "penalties by layer", With(layer => layer with
        {
            Activation = Activation.Tanh, Dropout = 0.3f, L1Regularization = 1e-3f, Constraint = new MaxNorm(1),
            OrthogonalityRegularization = Schedule.Cosine(0.01f), Sparsity = new() { Weight = Schedule.Cosine(0.1f) },
            ActivityRegularization = Schedule.Stages(0, (3, 0.01f)),
        }), _options with { OutputL2Regularization = 0.1f, OutputConstraint = new UnitNorm(), EarlyStopping = new() } },
        { "rule of the weights", _small, _options with { EarlyStopping = new() { Rule = StoppingRule.WeightChange(1e-6) } } },
        { "rule of the loss", _small, _options with { EarlyStopping = new() { Rule = StoppingRule.ProgressQuotient(3, 2) } } },
        { "metric of the user", _small, _options with
        {
            Metric = new("first score", true, rows => rows.Scores(0)[0]),
            EarlyStopping = new() { Rule = StoppingRule.Custom("never", _ => false) },
        } },
        { "activation of the user", With(layer => layer with { Activation = CustomParts.Softsign }), _options },
        { "constraint", _small, _options with { Constraint = new MaxNorm(0.5f) } },
        { "clipping", _small, _options with { GradientClipping = GradientClipping.ByNorm(0.1f) } },
        { "decay by a schedule", _small, _options with
        {
            Optimizer = new Momentum { WeightDecay = Schedule.FlatThenCosine(0.1f) },
            RateFactors = new() { Biases = 0.1f, LayerDecay = 0.5f },
            DecayFactors = new() { Outputs = 0 },
        } },
        { "exponential average", _large, _options with { WeightAveraging = WeightAveraging.Exponential(0.8f) } },
        { "mean of the last part", _small, _options with { WeightAveraging = WeightAveraging.Polyak(0.6f), EarlyStopping = new() } },
        { "no shuffle", _small, _options with { Shuffle = false } },
        { "local steps", _small, _options with { Shards = 4, LocalSteps = 3 } },
        { "local steps of Muon", With(layer => layer), _options with { Shards = 4, LocalSteps = 3, Optimizer = new Muon() } },
        { "short memory", _small, _options with { RunningLossBatches = 6 } },
        { "whole batches", _small, _options with { BatchSize = 1000, Optimizer = new Rprop() } },
        { "balanced batches", _small, _options with { ClassBalancedBatches = true } },
        { "balanced batches in order", _small, _options with { ClassBalancedBatches = true, Shuffle = false, BatchSize = 7 } },
        { "images", _small, _options with { Augmentation = new ImageAugmentation(2, 2) { Rotation = 20, HorizontalShift = 0.3f, HorizontalFlip = 0.5f } } },

        // Its limits rise from the sixth mini-batch on; an epoch has four.
        { "renormalization", With(layer => layer with { Normalization = new BatchRenormalization { WarmupSteps = 5, ScaleRampSteps = 20,
            ShiftRampSteps = 10, Momentum = 0.1f } }), _options },
        { "DropConnect", With(layer => layer with { DropConnect = 0.3f }), _options },
        { "activity", With(layer => layer with { ActivityRegularization = 0.01f }), _options with { EarlyStopping = new() } },
        { "weight normalization", With(layer => layer with { Normalization = Normalization.Weight, Activation = Activation.PRelu() }), _options },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Train_AnyOptimizer_ContinuesBitForBit(string name, Optimizer optimizer)
    {
        Assert.NotNull(name);
        AssertContinues(_small, _options with { Optimizer = optimizer, BatchSize = optimizer is Lbfgs ? null : 16 }, validation: false);
    }

    [Fact]
    public void Tables_OptimizersAndSchedules_AreAllThereAre()
    {
        AssertComplete<Optimizer>(Optimizers);
        AssertComplete<Schedule>(Schedules);

        static void AssertComplete<T>(IEnumerable<object[]> table)
        {
            IEnumerable<Type> all = typeof(T).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract);
            Assert.Empty(all.Select(type => type.Name).Except(table.SelectMany(row => row).OfType<T>().Select(value => value!.GetType().Name)));
        }
    }

    [Fact]
    public void Train_RateThatWasReduced_StaysReduced()
    {
        // Otherwise the plateaus of the table above would prove nothing.
        MlpTrainingResult whole = Train(_small, _options with { LearningRate = Plateau() }, validation: false);
        Assert.Equal([0.02f, 0.02f, 0.01f, 0.01f, 0.005f, 0.005f, 0.0025f], whole.History.Select(report => report.LearningRate));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Train_AnySchedule_ContinuesBitForBit(Schedule schedule) =>
        AssertContinues(_small, _options with { LearningRate = schedule }, validation: false);

    [Theory]
    [MemberData(nameof(Settings))]
    public void Train_AnySetting_ContinuesBitForBit(string what, MlpArchitecture architecture, MlpTrainingOptions options)
    {
        Assert.NotNull(what);
        AssertContinues(architecture, options, validation: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_ChanceAndStatistics_ContinueBitForBit(bool validation) => AssertContinues(_large, _options, validation);

    [Fact]
    public void Train_ByAMetricOfTheUser_ContinuesBitForBit() => AssertContinues(_small, _options with
    {
        Metric = new("first score", true, rows => rows.Scores(0)[0]),
        EarlyStopping = new() { Monitor = MonitoredQuantity.Metric },
    }, validation: true);

    [Fact]
    public void Train_FromAModel_ContinuesBitForBit()
    {
        MlpModel initial = Train(_small, _options with { Seed = 9 }, validation: false).Model;
        AssertContinues(_small, _options, validation: true, initial);
    }

    /// <summary>The model that it continues from takes part in the choice, and is the best of the first epochs at a large rate.</summary>
    [Theory]
    [InlineData(true, 0.5f)]
    [InlineData(false, 0.5f)]
    [InlineData(true, 0.0001f)]
    [InlineData(false, 0.0001f)]
    public void Train_EarlyStoppingFromAModel_ContinuesBitForBit(bool validation, float rate)
    {
        MlpArchitecture architecture = With(layer => layer with { Normalization = new BatchRenormalization { WarmupSteps = 5 }, Dropout = 0.1f });
        MlpModel initial = Train(architecture, _options with { NumberOfEpochs = 30, Seed = 9 }, validation: false).Model;
        MlpTrainingOptions options = _options with { LearningRate = rate, EarlyStopping = new() };
        Assert.Equal(rate > 0.1f, Train(architecture, options, validation, initial).IsInitialModel);
        AssertContinues(architecture, options, validation, initial);
    }

    /// <summary>Few rows and a large rate: the validation loss falls, then rises, and the patience is exhausted at a fixed epoch.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 0.02)]
    [InlineData(false, 0.05)]
    public void Train_EarlyStopping_StopsAtTheSameEpoch(bool validation, double minDelta)
    {
        MlpTrainingOptions options = _options with
        {
            NumberOfEpochs = 60,
            LearningRate = 0.05f,
            L2Regularization = 1e-3f,
            EarlyStopping = new EarlyStopping { Patience = 3, MinDelta = minDelta },
        };
        MlpTrainingResult whole = Train(_small, options, validation);
        Assert.Equal(TrainingEnd.StoppedEarly, whole.End);
        Assert.InRange(whole.BestEpoch, 2, 50);

        // In the middle of the best epochs, in the middle of the patience, and at the very last epoch.
        foreach (int stop in new[] { whole.BestEpoch - 1, whole.BestEpoch, whole.History.Count - 1, whole.History.Count })
        {
            AssertSame(whole, Resumed(_small, options, validation, stop));
        }
    }

    [Fact]
    public void Train_CancelledAndThenContinued_IsTheSame()
    {
        MlpTrainingOptions options = _options with { Checkpoint = new(_folder.Path("c")) };
        foreach (bool throws in new[] { false, true })
        {
            using var cancellation = new CancellationTokenSource();
            Exception? error = Record.Exception(() =>
            {
                MlpTrainingResult cancelled = Train(_small, options with { ThrowOnCancellation = throws }, true, null,
                    report => CancelAfter(report, 3, cancellation), cancellation.Token);
                Assert.Equal((TrainingEnd.Cancelled, 3), (cancelled.End, cancelled.History.Count));
            });
            Assert.Equal(throws, error is OperationCanceledException);
            Assert.Equal(["c"], _folder.Files);

            // A continuation that is cancelled at once has the best model so far, and keeps the file.
            MlpTrainingResult salvaged = Train(_small, options, true, null, null, new CancellationToken(canceled: true));
            Assert.Equal((TrainingEnd.Cancelled, 3), (salvaged.End, salvaged.History.Count));
            Assert.Equal(["c"], _folder.Files);
            AssertSame(Train(_small, _options, true), Train(_small, options, true));
            Assert.Empty(_folder.Files);
        }
    }

    [Fact]
    public void Train_OtherThreadsAndCancellation_Continue()
    {
        MlpTrainingOptions options = _options with { Checkpoint = new(_folder.Path("c")) };
        Stop(_small, options, true, 4);
        MlpTrainingResult resumed = Train(_small, options with { NumberOfThreads = 2, ThrowOnCancellation = true }, true);
        AssertSame(Train(_small, _options, true), resumed);
    }

    [Fact]
    public void Train_EverySecondEpoch_LosesWhatCameAfter()
    {
        MlpTrainingOptions options = _options with { Checkpoint = new(_folder.Path("c")) { EveryEpochs = 2 } };
        Stop(_small, options, true, 1);
        Assert.Empty(_folder.Files);
        Stop(_small, options, true, 5);
        Assert.Equal(4, options.Checkpoint.Find()!.Epoch);

        var reports = new List<EpochReport>();
        MlpTrainingResult resumed = Train(_small, options, true, null, reports.Add);
        Assert.Equal([5, 6, 7], reports.Select(report => report.Epoch));
        AssertSame(Train(_small, _options, true), resumed);
    }

    [Fact]
    public void Train_Continued_CountsTheTimeOn()
    {
        MlpTrainingOptions options = _options with { Checkpoint = new(_folder.Path("c")) };
        Assert.Null(options.Checkpoint.Find());
        Stop(_small, options, true, 3, slow: TimeSpan.FromMilliseconds(30));
        CheckpointSummary found = options.Checkpoint.Find()!;
        Assert.Equal((3, Epochs, 3), (found.Epoch, found.NumberOfEpochs, found.Seed));
        Assert.True(found.Elapsed >= TimeSpan.FromMilliseconds(60));

        TrainingHistory history = Train(_small, options, true).History;
        Assert.Equal(found.Elapsed, history[2].Elapsed);
        for (int i = 1; i < history.Count; i++)
        {
            Assert.True(history[i].Elapsed > history[i - 1].Elapsed);
        }
    }

    /// <summary>Stops once in the middle, and after every epoch there is, each time by an exception of the one who is told of it.</summary>
    private void AssertContinues(MlpArchitecture architecture, MlpTrainingOptions options, bool validation, MlpModel? initial = null)
    {
        MlpTrainingResult whole = Train(architecture, options, validation, initial);
        AssertSame(whole, Resumed(architecture, options, validation, 4, initial));
        MlpTrainingOptions kept = options with { Checkpoint = new(_folder.Path("c")) };
        for (int stop = 1; stop <= Epochs; stop++)
        {
            Stop(architecture, kept, validation, stop, initial: initial);
            Assert.Equal(["c"], _folder.Files);
        }

        AssertSame(whole, Train(architecture, kept, validation, initial));
    }

    private MlpTrainingResult Resumed(MlpArchitecture architecture, MlpTrainingOptions options, bool validation, int stop, MlpModel? initial = null)
    {
        MlpTrainingOptions kept = options with { Checkpoint = new(_folder.Path("c")) };
        Stop(architecture, kept, validation, stop, initial: initial);
        MlpTrainingResult result = Train(architecture, kept, validation, initial);
        Assert.Empty(_folder.Files);
        return result;
    }

    private static void Stop(
        MlpArchitecture architecture, MlpTrainingOptions options, bool validation, int afterEpoch, TimeSpan slow = default, MlpModel? initial = null) =>
        Assert.Throws<TimeoutException>(() => Train(architecture, options, validation, initial, report =>
        {
            Thread.Sleep(slow);
            if (report.Epoch == afterEpoch)
            {
                throw new TimeoutException();
            }
        }));

    private static void CancelAfter(EpochReport report, int epoch, CancellationTokenSource cancellation)
    {
        if (report.Epoch == epoch)
        {
            cancellation.Cancel();
        }
    }

    private static Schedule Plateau() => Schedule.ReduceOnPlateau(0.02f, factor: 0.5f, patience: 1, minDelta: 10, cooldown: 1);

    private static MlpArchitecture With(Func<HiddenLayer, HiddenLayer> change) => new(4, 3) { HiddenLayers = [change(new(6)), change(new(6))] };

    private static void AssertSame(MlpTrainingResult expected, MlpTrainingResult actual) => InterruptedTraining.AssertSame(expected, actual);

    private static MlpTrainingResult Train(
        MlpArchitecture architecture, MlpTrainingOptions options, bool validation, MlpModel? initial = null, Action<EpochReport>? onEpoch = null,
            CancellationToken token = default) =>
        MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 50))
        {
            Validation = validation ? SmallData.For(_loss, 20, seed: 2) : null,
            Options = options,
            InitialModel = initial,
            Progress = onEpoch is null ? null : new ImmediateProgress(onEpoch),
            CancellationToken = token,
        });
}
