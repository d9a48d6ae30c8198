using MlNetMlp.Networks;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>Ensembles whose members are trained on different silos at the same time.</summary>
public sealed class ClusterEnsembleTests
{
    private static readonly Dictionary<string, Ensemble> _kinds = new(StringComparer.Ordinal)
    {
        ["seeds"] = Ensemble.Seeds(5),
        ["bagging"] = Ensemble.Bagging(4, validatesOutOfBag: true),
        ["cross-fitted"] = Ensemble.CrossFitted(3),
        ["of shared"] = Ensemble.Seeds(3).Of(Ensemble.Shared(2)),
        ["of pruned"] = Ensemble.CrossFitted(3).Of(Ensemble.Shared(3).PrunedTo(2)),
        ["snapshots"] = Ensemble.Snapshots(3),
    };

    /// <summary>Members with one shard, which take the statistics of mini-batches and methods of full batches as well; and with two.</summary>
    [Theory]
    [InlineData("seeds", 1)]
    [InlineData("seeds", 2)]
    [InlineData("bagging", 1)]
    [InlineData("cross-fitted", 1)]
    [InlineData("cross-fitted", 2)]
    [InlineData("of shared", 1)]
    [InlineData("of pruned", 1)]
    [InlineData("of pruned", 2)]
    [InlineData("snapshots", 1)]
    public async Task Members_AreThoseOfOneProcess(string kind, int shards)
    {
        TrainingTask Change(TrainingTask task) => Of(task, kind, shards);
        var seen = new List<EpochReport>();
        MlpTrainingResult expected = MlpTrainer.Train(Change(SmallTraining.Of("plain")));
        await using Silos silos = await Silos.Start(3);

        int caller = 0;
        var threads = new HashSet<int>();
        MlpTrainingResult found = await SmallTraining.Run("plain", silos.Runner(), task =>
        {
            caller = Environment.CurrentManagedThreadId;
            return Change(task) with
            {
                Progress = new ImmediateProgress(report =>
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                    seen.Add(report with { Elapsed = default });
                }),
            };
        });

        SmallTraining.Same(expected, found);
        Assert.Equal((expected.HeldOutLoss, expected.HeldOutMetric, expected.HeldOutRows), (found.HeldOutLoss, found.HeldOutMetric, found.HeldOutRows));
        Assert.Equal([caller], threads);

        // Each member in its order, whatever comes between.
        Assert.Equal(found.History.Select(report => report with { Elapsed = default }), seen.OrderBy(report => report.Member));
        Assert.All(silos.All, silo => Assert.Equal(0, Silos.ShardsOf(silo).Count));
    }

    [Fact]
    public async Task Members_TrainOnAllSilosAtTheSameTime()
    {
        await using Silos silos = await Silos.Start(3);
        using var cancellation = new CancellationTokenSource();

        // Else it would not end.
        MlpTrainingResult result = await SmallTraining.Run("endless", silos.Runner(), task => task with
        {
            CancellationToken = cancellation.Token,
            Options = task.Options with { Shards = 1, Ensemble = Ensemble.Seeds(3) },
            Progress = new ImmediateProgress(_ =>
            {
                if (silos.All.All(silo => Silos.ShardsOf(silo).Count == 1))
                {
                    cancellation.Cancel();
                }
            }),
        });

        Assert.Equal(TrainingEnd.Cancelled, result.End);
    }

    /// <summary>Networks with the same rows have them once on the client's disk, as one training has; bags are rows of their own. Nothing is left.</summary>
    [Theory]
    [InlineData("seeds", 1)]
    [InlineData("bagging", 3)]
    public async Task Rows_AreOnTheDiskOnce(string kind, int times)
    {
        await using Silos silos = await Silos.Start(3);
        OrleansRunner runner = silos.Runner();
        long single = await Held(null);

        Assert.InRange(single, 1, long.MaxValue);
        Assert.Equal(times * single, await Held(kind));
        Assert.Equal(0, runner.Content.Held);

        // All networks have begun when the first of them has trained an epoch, and none of them ends by itself.
        async Task<long> Held(string? kind)
        {
            long held = 0;
            using var cancellation = new CancellationTokenSource();
            await SmallTraining.Run("endless", runner, task => task with
            {
                CancellationToken = cancellation.Token,
                Options = task.Options with { Shards = 1, Ensemble = kind is null ? null : kind == "seeds" ? Ensemble.Seeds(3) : Ensemble.Bagging(3) },
                Progress = new ImmediateProgress(_ =>
                {
                    held = Math.Max(held, runner.Content.Held);
                    cancellation.Cancel();
                }),
            });
            return held;
        }
    }

    /// <summary>A silo dies with the member that it has; another one trains it again.</summary>
    [Fact]
    public async Task SiloThatDies_ChangesNoBits()
    {
        TrainingTask Change(TrainingTask task) => task with { Options = task.Options with { Shards = 1, Ensemble = Ensemble.Seeds(3), NumberOfEpochs = 100 } };
        MlpTrainingResult expected = MlpTrainer.Train(Change(SmallTraining.Of("plain")));
        await using Silos silos = await Silos.Start(3);
        Task? kill = null;

        MlpTrainingResult found = await SmallTraining.Run("plain", silos.Runner(), task => Change(task) with
        {
            Progress = new ImmediateProgress(report => kill ??= report.Epoch == 3 ? silos.Kill(silos.All[^1]) : null),
        });

        await kill!;
        SmallTraining.Same(expected, found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_EndsAllMembers(bool throws)
    {
        await using Silos silos = await Silos.Start(2);
        using var cancellation = new CancellationTokenSource();
        Task<MlpTrainingResult> training = SmallTraining.Run("endless", silos.Runner(), task => task with
        {
            CancellationToken = cancellation.Token,
            Options = task.Options with { Shards = 1, Ensemble = Ensemble.Seeds(4), ThrowOnCancellation = throws },
            Progress = new ImmediateProgress(report =>
            {
                if (report.Epoch == 3)
                {
                    cancellation.Cancel();
                }
            }),
        });

        if (throws)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
        }
        else
        {
            MlpTrainingResult result = await training;
            Assert.Equal((TrainingEnd.Cancelled, 1), (result.End, result.Model.Networks.Count));
        }

        await Gone(silos);
    }

    /// <summary>What a listener throws, and what fails on a silo, ends the other members.</summary>
    [Theory]
    [InlineData(typeof(NotImplementedException))]
    [InlineData(typeof(TrainingDivergedException))]
    public async Task Problem_EndsAllMembers(Type problem)
    {
        await using Silos silos = await Silos.Start(2);
        bool diverges = problem == typeof(TrainingDivergedException);

        await Assert.ThrowsAsync(problem, () => SmallTraining.Run("endless", silos.Runner(), task => task with
        {
            Options = task.Options with
            {
                Shards = 1,
                Ensemble = Ensemble.Seeds(4),
                Optimizer = diverges ? new Sgd() : task.Options.Optimizer,
                LearningRate = diverges ? 1e38f : task.Options.LearningRate,
            },
            Progress = new ImmediateProgress(_ => throw new NotImplementedException()),
        }));

        await Gone(silos);
    }

    private static TrainingTask Of(TrainingTask task, string kind, int shards) => new(
        new MlpArchitecture(4, 3)
        {
            HiddenLayers =
            [
                new(9)
                {
                    Dropout = 0.1f,
                    Normalization = shards == 1 && kind is not ("of shared" or "of pruned") ? Normalization.Batch : Normalization.Layer,
                },
            ],
        },
        task.Loss, task.Rows)
    {
        Options = task.Options with { Shards = shards, Ensemble = _kinds[kind] },
    };

    private static async Task Gone(Silos silos)
    {
        for (DateTime begun = DateTime.UtcNow; silos.All.Any(silo => Silos.ShardsOf(silo).Count > 0); await Task.Delay(5))
        {
            Assert.True(DateTime.UtcNow - begun < TimeSpan.FromSeconds(60));
        }
    }
}
