using System.Diagnostics;
using global::Orleans.TestingHost;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>Silos that die, clients that go, and what is refused.</summary>
public sealed class ClusterFailureTests
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task SiloThatDies_LosesItsRunningTrialsOnly()
    {
        SearchSpace<MlpBinaryTrainer.Options> space = SmallSearch.Space(epochs: 400);
        string expected = SmallSearch.Text(SmallSearch.Run(null, space, trials: 10));
        await using Silos silos = await Silos.Start(3, _ => new ClusterTrainingOptions { TrainingsAtOnce = 1 });
        using OrleansRunner runner = silos.Runner();
        int told = 0;
        Task? kill = null;

        Task<SearchResult<MlpBinaryTrainer.Options>> search = Task.Run(() => SmallSearch.Run(runner, space, trials: 10, options: new SearchOptions
        {
            Progress = new Listener(_ =>
            {
                if (++told == 2)
                {
                    kill = Kill();
                }
            }),
        }));

        SearchResult<MlpBinaryTrainer.Options> found = await search.WaitAsync(2 * _long);
        await kill!;
        Assert.Equal(expected, SmallSearch.Text(found));
        Assert.Equal(10, told);

        // The one that has a training run at this moment.
        async Task Kill()
        {
            InProcessSiloHandle? busy = null;
            for (var clock = Stopwatch.StartNew(); busy is null && clock.Elapsed < _long; await Task.Delay(1))
            {
                busy = silos.All.FirstOrDefault(silo => Silos.TrainingsOf(silo).Running > 0);
            }

            await silos.Kill(busy!);
        }
    }

    [Fact]
    public async Task Cancelled_EndsWithinASecond_AndLeavesNothingRunning()
    {
        await using Silos silos = await Silos.Start(2);
        using OrleansRunner runner = silos.Runner();
        using var cancellation = new CancellationTokenSource();

        // A million epochs: whoever waits for them waits for ever.
        Task<SearchResult<MlpBinaryTrainer.Options>> search = Task.Run(() => SmallSearch.Run(
            runner, SmallSearch.Space(epochs: 1_000_000).Set(o => o with { EarlyStopping = null }), trials: 9,
            options: new SearchOptions { CancellationToken = cancellation.Token }));
        await Until(() => silos.All.Sum(silo => Silos.TrainingsOf(silo).Running) == 4);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search.WaitAsync(_long));
        await Until(() => silos.All.All(silo => Silos.TrainingsOf(silo) is { Running: 0, Waiting: 0 }));
    }

    [Fact]
    public async Task CancelledSearch_StartedAgain_GoesOnWhereItWas()
    {
        string expected = SmallSearch.Text(SmallSearch.Run(null, trials: 8));
        await using Silos silos = await Silos.Start(2, _ => new ClusterTrainingOptions { TrainingsAtOnce = 1 });
        using OrleansRunner runner = silos.Runner();
        using var cancellation = new CancellationTokenSource();
        var first = new Dictionary<int, TimeSpan>();
        SearchResult<MlpBinaryTrainer.Options> cancelled = SmallSearch.Run(runner, trials: 8, options: new SearchOptions
        {
            CancellationToken = cancellation.Token,
            Progress = new Listener(trial =>
            {
                first.Add(trial.Number, trial.Elapsed);
                if (first.Count == 4)
                {
                    cancellation.Cancel();
                }
            }),
        });

        SearchResult<MlpBinaryTrainer.Options> again = SmallSearch.Run(runner, trials: 8);

        Assert.True(cancelled.IsCancelled);
        Assert.Equal(expected, SmallSearch.Text(again));

        // What had ended was not trained again: it has the time of the first training to the tick.
        Assert.All(first, trial => Assert.Equal(trial.Value, again.Trials[trial.Key - 1].Elapsed));

        // Complete, it is forgotten, and a third search is a new one.
        SearchResult<MlpBinaryTrainer.Options> third = SmallSearch.Run(runner, trials: 8);
        Assert.Equal(expected, SmallSearch.Text(third));
        Assert.NotEqual(again.Trials.Select(trial => trial.Elapsed), third.Trials.Select(trial => trial.Elapsed));
    }

    [Fact]
    public async Task OtherVersion_IsRefusedByName()
    {
        await using Silos silos = await Silos.Start(2, number => number == 0
            ? new ClusterTrainingOptions()
            : new ClusterTrainingOptions { Version = "7.8.9-other" });
        using OrleansRunner runner = silos.Runner();

        string message = Assert.Throws<TrainingRunnerException>(() => SmallSearch.Run(runner)).Message;

        Assert.Contains("7.8.9-other", message, StringComparison.Ordinal);
        Assert.Contains(TrainingVersion.Current, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllSilosGone_EndsTheSearch()
    {
        await using Silos silos = await Silos.Start(1);
        using OrleansRunner runner = silos.Runner(patience: TimeSpan.FromSeconds(3));
        Task<SearchResult<MlpBinaryTrainer.Options>> search = Task.Run(() => SmallSearch.Run(
            runner, SmallSearch.Space(epochs: 1_000_000).Set(o => o with { EarlyStopping = null })));
        await Until(() => Silos.TrainingsOf(silos.All[0]).Running > 0);
        await silos.Kill(silos.All[0]);

        var exception = await Assert.ThrowsAsync<TrainingRunnerException>(() => search.WaitAsync(_long));

        Assert.Contains("No silo of the cluster could be reached", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The search goes on with the other silo; with none, it ends at once and says which disk it is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DiskThatCannotBeWrittenTo_IsLeftToOthers_OrSaid(int count)
    {
        using var folder = new TemporaryFolder();
        await using Silos silos = await Silos.Start(count, number => number == 0
            ? new ClusterTrainingOptions { Folder = folder.Path("silo"), TrainingsAtOnce = 1 }
            : new ClusterTrainingOptions { TrainingsAtOnce = 1 });
        using OrleansRunner runner = silos.Runner();
        Silos.TrainingsOf(silos.All[0]);
        Directory.Delete(folder.Path("silo"), recursive: true);
        Task<SearchResult<MlpBinaryTrainer.Options>> search = Task.Run(() => SmallSearch.Run(runner)).WaitAsync(_long);

        if (count > 1)
        {
            Assert.Equal(SmallSearch.Text(SmallSearch.Run(null)), SmallSearch.Text(await search));
            Assert.Equal(0, Silos.TrainingsOf(silos.All[0]).Running);
            return;
        }

        var exception = await Assert.ThrowsAsync<TrainingRunnerException>(() => search);
        Assert.Contains("cannot keep rows on its disk", exception.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path("silo"), exception.Message, StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(5))
        {
            Assert.True(clock.Elapsed < _long, "It did not come to that.");
        }
    }

    private sealed class Listener(Action<SearchTrial> action) : IProgress<SearchTrial>
    {
        public void Report(SearchTrial value) => action(value);
    }
}
