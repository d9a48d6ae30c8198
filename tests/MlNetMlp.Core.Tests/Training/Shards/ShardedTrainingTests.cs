namespace MlNetMlp.Core.Tests;

public class ShardedTrainingTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(12) { Dropout = 0.2f }, new(9) { Activation = Activation.Tanh, Normalization = Normalization.Layer, Noise = 0.1f }],
    };

    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 4,
        BatchSize = 16,
        LearningRate = 0.01f,
        NumberOfThreads = 1,
        Shards = 8,
    };

    public static TheoryData<string> Courses =>
    [
        "plain", "validation", "average", "shared", "snapshots", "bagging", "Muon", "continued", "weights", "one batch", "encoded", "local",
        "local, Muon", "local, averaged", "16 bits", "layers", "periodic",
    ];

    /// <summary>Two and three threads that have some of the shards each come to the bits of one that has all of them.</summary>
    [Theory]
    [MemberData(nameof(Courses))]
    public async Task ShardsThatAreElsewhere_GiveTheSameBits(string course)
    {
        MlpTrainingResult expected = MlpTrainer.Train(TaskOf(course));
        foreach (int[] starts in new int[][] { [0, 8], [0, 4, 8], [0, 3, 5, 8] })
        {
            using var meeting = new MeetingExchange.Meeting(starts);
            MlpTrainingResult[] results = await Task.WhenAll(Enumerable.Range(0, starts.Length - 1).Select(place => Task.Factory.StartNew(
                () => MlpTrainer.Train(TaskOf(course) with { Exchange = new MeetingExchange(meeting, place) }), CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            foreach (MlpTrainingResult result in results)
            {
                Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(result.Model));
                Assert.Equal(Reports(expected), Reports(result));
            }
        }
    }

    /// <summary>Nothing is drawn at random, so the shards' gradients add up to that of the whole mini-batch, but for rounding.</summary>
    [Fact]
    public void FullBatch_TakesTheStepsOfOneShard()
    {
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(12), new(9) { Activation = Activation.Tanh }] };
        MlpTrainingOptions options = _options with { BatchSize = 43, Optimizer = new Sgd(), LearningRate = 0.1f };
        MlpTrainingResult whole = MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 43)) { Options = options with { Shards = 1 } });
        MlpTrainingResult parts = MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 43)) { Options = options });

        float[] expected = whole.Model.Values.ToArray(), found = parts.Model.Values.ToArray();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
        Assert.All(whole.History.Zip(parts.History), pair => Assert.Equal(pair.First.TrainingLoss, pair.Second.TrainingLoss, 1e-6));
        Assert.NotEqual(SmallData.Saved(whole.Model), SmallData.Saved(MlpTrainer.Train(TaskOf("one batch")).Model));
    }

    [Fact]
    public void NumberOfThreads_AndRows_ChangeNoBits_AndShardsDo()
    {
        byte[] expected = SmallData.Saved(MlpTrainer.Train(TaskOf("plain")).Model);

        TrainingTask task = TaskOf("plain");
        TrainingTask threaded = task with { Options = task.Options with { NumberOfThreads = 3 }, UsesAllThreads = true };
        Assert.Equal(expected, SmallData.Saved(MlpTrainer.Train(threaded).Model));
        Assert.NotEqual(expected, SmallData.Saved(MlpTrainer.Train(task with { Options = task.Options with { Shards = 4 } }).Model));
    }

    [Theory]
    [InlineData("Normalization")]
    [InlineData("ActivityRegularization")]
    [InlineData("Sparsity")]
    [InlineData("ClassBalancedBatches")]
    [InlineData("Optimizer")]
    [InlineData("BatchSize")]
    [InlineData("Shards")]
    [InlineData("sparse")]
    [InlineData("LocalSteps")]
    [InlineData("GradientPrecision")]
    public void WhatLooksAtMoreThanAShard_IsRefusedByName(string name)
    {
        TrainingTask task = TaskOf("plain");
        MlpArchitecture architecture = name switch
        {
            "Normalization" => new(4, 3) { HiddenLayers = [new(8), new(8) { Normalization = Normalization.Batch }] },
            "ActivityRegularization" => new(4, 3) { HiddenLayers = [new(8) { ActivityRegularization = 0.1f }] },
            "Sparsity" => new(4, 3) { HiddenLayers = [new(8) { Activation = Activation.Sigmoid, Sparsity = new ActivationSparsity() }] },
            _ => _architecture,
        };
        IRowSource rows = name == "sparse" ? new SparseRows(4, 1) : SmallData.For(_loss, name == "Shards" ? 7 : 60);
        (rows as SparseRows)?.Add([1], [1], [2]);
        MlpTrainingOptions options = name switch
        {
            "ClassBalancedBatches" => _options with { ClassBalancedBatches = true },
            "Optimizer" => _options with { Optimizer = new Lbfgs(), BatchSize = null },
            "BatchSize" => _options with { BatchSize = 20 },
            "LocalSteps" => _options with { Shards = 1, LocalSteps = 2 },
            "GradientPrecision" => _options with { Shards = 1, GradientPrecision = GradientPrecision.BFloat16 },
            _ => _options,
        };

        string message = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(architecture, _loss, rows) { Options = options })).Message;

        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("Shards", message, StringComparison.Ordinal);
    }

    private static TrainingTask TaskOf(string course)
    {
        Loss loss = course == "weights" ? new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced } : _loss;
        var task = new TrainingTask(_architecture, loss, SmallData.For(loss, 90)) { Options = _options };
        MlpTrainingOptions options = _options;
        return course switch
        {
            "validation" => task with
            {
                Validation = SmallData.For(loss, 37, seed: 2),
                Options = options with { NumberOfEpochs = 12, LearningRate = 0.05f, EarlyStopping = new() { Patience = 2 } },
            },
            "average" => task with { Options = options with { WeightAveraging = WeightAveraging.Exponential(0.9f) } },
            "shared" => task with { Options = options with { Ensemble = Ensemble.Shared(3) } },
            "snapshots" => task with { Options = options with { Ensemble = Ensemble.Snapshots(2) } },
            "bagging" => task with { Options = options with { Ensemble = Ensemble.Bagging(2) } },
            "Muon" => task with
            {
                Options = options with { Optimizer = new Muon(), GradientClipping = GradientClipping.ByNorm(0.1f), L1Regularization = 1e-4f },
            },
            "continued" => task with
            {
                InitialModel = MlpTrainer.Train(task).Model,
                Options = options with { EarlyStopping = new() { Patience = 1 }, LearningRate = 0.3f },
            },
            "one batch" => task with { Options = options with { BatchSize = 1000 } },
            "encoded" => task with { Options = options with { NumericEmbedding = new PiecewiseLinearEmbedding(), FeatureScaling = FeatureScaling.Robust } },
            "local" => task with { Options = options with { LocalSteps = 4, LearningRate = Schedule.Cosine(0.05f) } },
            "local, Muon" => task with { Options = options with { LocalSteps = 3, Optimizer = new Muon() } },
            "local, averaged" => task with
            {
                Options = options with
                {
                    LocalSteps = 3,
                    Optimizer = new Momentum(),
                    WeightAveraging = WeightAveraging.Polyak(0.25f),
                    Constraint = new UnitNorm(),
                    OrthogonalityRegularization = 1e-3f,
                },
            },
            "layers" => new TrainingTask(
                new MlpArchitecture(4, 3)
                {
                    HiddenLayers =
                    [
                        new(12) { Normalization = Normalization.Weight }, new(12) { Residual = true, Dropout = 0.1f },
                        new(9) { Activation = Activation.Maxout() }, new(8) { Activation = Activation.PRelu(), DropConnect = 0.3f },
                        new(7) { Normalization = Normalization.Cosine },
                    ],
                },
                loss, SmallData.For(loss, 90))
            {
                Options = options with { OrthogonalityRegularization = 1e-3f, L2Regularization = 1e-4f, BatchSize = 8 },
            },
            "periodic" => task with { Options = options with { NumericEmbedding = new PbldEmbedding(), GradientPrecision = GradientPrecision.BFloat16 } },
            "16 bits" => task with { Options = options with { GradientPrecision = GradientPrecision.BFloat16, LearningRate = 0.05f } },
            _ => task,
        };
    }

    /// <summary>All that a report tells but the time.</summary>
    private static IEnumerable<EpochReport> Reports(MlpTrainingResult result) => result.History.Select(report => report with { Elapsed = default });
}
