using System.Diagnostics;
using MlNetMlp.Networks;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>Silos that die while they have shards of a training, clients that cancel, and what is refused.</summary>
public sealed class ClusterTrainingFailureTests : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Two of three silos die, one after the other; what is left of the cluster goes on from the epoch before.</summary>
    [Fact]
    public async Task SilosThatDie_ChangeNoBits()
    {
        MlpTrainingResult expected = MlpTrainer.Train(SmallTraining.Of("long"));
        await using Silos silos = await Silos.Start(3);
        var kills = new List<Task>();

        MlpTrainingResult found = await SmallTraining.Run("long", silos.Runner(), task => task with
        {
            Progress = new ImmediateProgress(report =>
            {
                if (report.Epoch is 5 or 30)
                {
                    kills.Add(silos.Kill(silos.All[^1]));
                }
            }),
        });

        await Task.WhenAll(kills);
        Assert.Equal(2, kills.Count);
        SmallTraining.Same(expected, found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_EndsSoon_AndLeavesNothingRunning(bool throws)
    {
        await using Silos silos = await Silos.Start(2);
        using var cancellation = new CancellationTokenSource();
        using var begun = new SemaphoreSlim(0);
        Task<MlpTrainingResult> training = SmallTraining.Run("endless", silos.Runner(), task => task with
        {
            CancellationToken = cancellation.Token,
            Options = task.Options with { ThrowOnCancellation = throws },
            Progress = new ImmediateProgress(_ => begun.Release()),
        });
        Assert.True(await begun.WaitAsync(_long));
        await cancellation.CancelAsync();

        if (throws)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training.WaitAsync(_long));
        }
        else
        {
            MlpTrainingResult result = await training.WaitAsync(_long);
            Assert.Equal(TrainingEnd.Cancelled, result.End);
            Assert.Equal(result.History.Count, result.BestEpoch);
        }

        for (var clock = Stopwatch.StartNew(); silos.All.Any(silo => Silos.ShardsOf(silo).Count > 0); await Task.Delay(5))
        {
            Assert.True(clock.Elapsed < _long);
        }
    }

    /// <summary>The checkpoint is the client's: another cluster, or none, goes on from it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Checkpoint_IsThatOfOneProcess(bool endsOnCluster)
    {
        TrainingTask task = SmallTraining.Of("long");
        MlpTrainingResult expected = MlpTrainer.Train(task);
        task = task with { Options = task.Options with { Checkpoint = new TrainingCheckpoint(_folder.Path("run.checkpoint")) } };
        await using Silos silos = await Silos.Start(2);
        using var cancellation = new CancellationTokenSource();
        TrainingTask interrupted = task with
        {
            CancellationToken = cancellation.Token,
            Progress = new ImmediateProgress(report =>
            {
                if (report.Epoch == 7)
                {
                    cancellation.Cancel();
                }
            }),
        };
        Assert.Equal(TrainingEnd.Cancelled, (await Run(interrupted, onCluster: !endsOnCluster)).End);

        MlpTrainingResult found = await Run(task, endsOnCluster);

        SmallTraining.Same(expected, found);

        Task<MlpTrainingResult> Run(TrainingTask task, bool onCluster) =>
            Task.Run(() => MlpTrainer.Train(task with { Cluster = onCluster ? silos.Runner() : null })).WaitAsync(_long);
    }

    [Fact]
    public async Task TrainingThatDiverges_SaysWhatItWouldSayHere()
    {
        TrainingTask Diverge(TrainingTask task) => task with { Options = task.Options with { Optimizer = new Sgd(), LearningRate = 1e38f } };
        await using Silos silos = await Silos.Start(2);
        var expected = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(Diverge(SmallTraining.Of("plain"))));

        var found = await Assert.ThrowsAsync<TrainingDivergedException>(() => SmallTraining.Run("plain", silos.Runner(), Diverge));

        Assert.Equal((expected.Epoch, expected.Message), (found.Epoch, found.Message));
    }

    [Fact]
    public async Task AllSilosGone_EndsTheTraining()
    {
        await using Silos silos = await Silos.Start(1);
        using var begun = new SemaphoreSlim(0);
        Task<MlpTrainingResult> training = SmallTraining.Run("endless", silos.Runner(patience: TimeSpan.FromSeconds(3)), task => task with
        {
            Progress = new ImmediateProgress(_ => begun.Release()),
        });
        Assert.True(await begun.WaitAsync(_long));
        await silos.Kill(silos.All[0]);

        var exception = await Assert.ThrowsAsync<TrainingRunnerException>(() => training.WaitAsync(_long));

        Assert.Contains("silos of the training", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherVersion_AndDiskThatIsTooSmall_AreRefused()
    {
        await using Silos silos = await Silos.Start(2, number => number == 0
            ? new ClusterTrainingOptions()
            : new ClusterTrainingOptions { Version = "7.8.9-other" });
        var other = await Assert.ThrowsAsync<TrainingRunnerException>(() => SmallTraining.Run("plain", silos.Runner()));
        Assert.Contains("7.8.9-other", other.Message, StringComparison.Ordinal);

        await using Silos small = await Silos.Start(1, _ => new ClusterTrainingOptions { DiskLimit = 1000 });
        var full = await Assert.ThrowsAsync<TrainingRunnerException>(() => SmallTraining.Run("plain", small.Runner()));
        Assert.Contains("DiskLimit", full.Message, StringComparison.Ordinal);
    }

    /// <summary>It would be the same again, and is said at once.</summary>
    [Fact]
    public async Task DiskThatCannotBeWrittenTo_IsSaid()
    {
        using var folder = new TemporaryFolder();
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { Folder = folder.Path("silo") });
        Silos.TrainingsOf(silos.All[0]);
        Directory.Delete(folder.Path("silo"), recursive: true);

        var exception = await Assert.ThrowsAsync<TrainingRunnerException>(() => SmallTraining.Run("plain", silos.Runner()));

        Assert.Contains("cannot keep rows on its disk", exception.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path("silo"), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Augmentation")]
    [InlineData("ClassBalancedBatches")]
    [InlineData("SparseFeatures")]
    [InlineData("Loss")]
    [InlineData("Activation")]
    [InlineData("Metric")]
    [InlineData("LearningRate")]
    public void OptionThatIsNotSent_IsRefusedByName(string name)
    {
        TrainingTask task = SmallTraining.Of("one shard");
        var sparse = new SparseRows(4, 1);
        sparse.Add([1], [1], [2]);
        task = name switch
        {
            "Augmentation" => task with { Options = task.Options with { Augmentation = Augmentation.Custom((_, _) => { }) } },
            "Loss" => new TrainingTask(task.Architecture, CustomParts.Focal, task.Rows) { Options = task.Options },
            "Activation" => new TrainingTask(
                new(task.Architecture.InputSize, task.Architecture.OutputSize) { HiddenLayers = [new(3) { Activation = CustomParts.Softsign }] },
                task.Loss, task.Rows)
            { Options = task.Options },
            "Metric" => task with { Options = task.Options with { Metric = new("mine", true, _ => 1) } },
            "LearningRate" => task with { Options = task.Options with { LearningRate = Schedule.Custom("mine", 1, (_, _) => 1) } },
            "ClassBalancedBatches" => task with { Options = task.Options with { ClassBalancedBatches = true } },
            _ => new TrainingTask(task.Architecture, task.Loss, sparse) { Options = task.Options },
        };

        Exception refused = Assert.ThrowsAny<Exception>(() => MlpTrainer.Train(task with { Cluster = Silos.Unconnected }));

        Assert.True(refused is ArgumentException or NotSupportedException);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }
}
