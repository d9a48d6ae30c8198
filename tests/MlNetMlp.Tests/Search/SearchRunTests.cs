using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>The search itself, on a made-up objective in place of trainings.</summary>
public sealed class SearchRunTests
{
    private static readonly SearchSpace<MlpRegressionTrainer.Options> _space = new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options())
        .Number("x", 0, 1, SearchScale.Linear, (o, x) => o with { L1Regularization = x })
        .Number("y", 0, 1, SearchScale.Linear, (o, y) => o with { L2Regularization = y });

    [Theory]
    [InlineData(SearchGoal.Minimize)]
    [InlineData(SearchGoal.Maximize)]
    public void Best_IsTheKnownOptimumOfAGrid(SearchGoal goal)
    {
        double sign = goal == SearchGoal.Minimize ? 1 : -1;
        SearchOutcome<MlpRegressionTrainer.Options> outcome = Run(new GridSearch(11), goal, o => sign * Bowl(o));

        Assert.Equal(121, outcome.Trials.Count);
        Assert.Equal([0.3f, 0.8f], outcome.Best.Values.Select(value => (float)value.Value!));
        Assert.Equal(0, outcome.Best.Mean!.Value, 12);
        Assert.Equal(0.3f, outcome.Best.Options.L1Regularization);
        Assert.False(outcome.IsCancelled);
    }

    [Fact]
    public void RandomSearch_ComesNearTheOptimum_AndNearerWithMoreTrials()
    {
        double few = Run(new RandomSearch(10), SearchGoal.Minimize, Bowl).Best.Mean!.Value;
        double many = Run(new RandomSearch(1000), SearchGoal.Minimize, Bowl).Best.Mean!.Value;

        // The part of the square within a distance r of the optimum is pi r^2; of 1000 points the nearest lies at about 0.018.
        Assert.InRange(Math.Sqrt(many), 0, 0.06);
        Assert.True(many < few);
    }

    [Fact]
    public void MoreTrials_BeginWithTheSameOnes()
    {
        var five = Run(new RandomSearch(5), SearchGoal.Minimize, Bowl).Trials;
        var nine = Run(new RandomSearch(9), SearchGoal.Minimize, Bowl).Trials;

        Assert.Equal(five.Select(Text), nine.Take(5).Select(Text));
        Assert.Equal(9, nine.Select(Text).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 9), nine.Select(trial => trial.Number));
    }

    [Fact]
    public void Tie_IsWonByTheFirst() => Assert.Equal(1, Run(new RandomSearch(20), SearchGoal.Maximize, _ => 1).Best.Number);

    [Fact]
    public void Mean_AndDeviation_AreThoseOfTheFolds()
    {
        double[] values = [3, 5, 10];
        SearchTrial<MlpRegressionTrainer.Options> trial = Create(
            new RandomSearch(1), SearchGoal.Minimize,
            (_, fold) => new FoldScore { Value = values[fold], Epochs = 2 + fold, BestEpoch = 1, Elapsed = TimeSpan.FromSeconds(fold) }, folds: 3)
            .Run(new SearchOptions(), null, default).Best;

        // Variance ((3-6)^2 + (5-6)^2 + (10-6)^2) / 2 = 13.
        Assert.Equal(6, trial.Mean);
        Assert.Equal(Math.Sqrt(13), trial.StandardDeviation!.Value, 12);
        Assert.Equal(3, trial.Epochs);
        Assert.Equal(TimeSpan.FromSeconds(3), trial.Elapsed);
        Assert.Null(Run(new RandomSearch(1), SearchGoal.Minimize, Bowl).Best.StandardDeviation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void FailedTrials_AreRecorded_AndDoNotEndTheSearch(int parallelism)
    {
        int Calls(SearchTrial trial) => trial.Folds.Count;
        SearchOutcome<MlpRegressionTrainer.Options> outcome = Create(
            new GridSearch(3), SearchGoal.Minimize, (o, fold) => (o.L1Regularization.BaseRate, fold) switch
        {
            (0, 0) => throw new FormatException("Broken."),
            (0.5f, 1) => Score(double.NaN),
            _ => Score(Bowl(o)),
        }, folds: 2).Run(new SearchOptions { Parallelism = parallelism }, null, default);

        Assert.Equal(["Broken.", "Broken.", "Broken.", "The loss is NaN on fold 2.", "The loss is NaN on fold 2.", "The loss is NaN on fold 2.",
            null, null, null], outcome.Trials.Select(trial => trial.Error?.Message));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], outcome.Trials.Select(Calls));
        Assert.All(outcome.Trials.Take(6), trial => Assert.Null(trial.Mean));
        Assert.Equal([1f, 1f], outcome.Best.Values.Select(value => (float)value.Value!));
    }

    [Fact]
    public void RefusedOptions_FailTheirTrialAlone()
    {
        var space = _space.Choice("epochs", [3, 0], (o, n) => o with { NumberOfEpochs = n });
        var run = new SearchRun<MlpRegressionTrainer.Options>(space, new GridSearch(1), 3, "loss", SearchGoal.Minimize, 1);
        using var session = new MadeUpSession((o, _) => Score(Bowl(o)));

        SearchOutcome<MlpRegressionTrainer.Options> outcome = run.Run(new SearchOptions(), session, null, default);

        Assert.Equal(1, outcome.Best.Number);
        string refused = "NumberOfEpochs must be greater than 0, but it is 0";
        Assert.Contains(refused, outcome.Trials[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains(refused, Assert.Throws<InvalidOperationException>(() => outcome.Trials[1].Options).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllFailed_ThrowsTheFirstError()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Run(new RandomSearch(7), SearchGoal.Minimize,
            o => throw new FormatException("Broken.")));

        Assert.Equal("All 7 trials of the search failed. The first of them: Broken.", exception.Message);
        Assert.IsType<FormatException>(exception.InnerException);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Parallel_IsSerial(int parallelism)
    {
        var serial = Run(new RandomSearch(50), SearchGoal.Minimize, Bowl, new SearchOptions { Parallelism = 1 });
        var parallel = Run(new RandomSearch(50), SearchGoal.Minimize, o =>
        {
            Thread.Sleep(o.L1Regularization.BaseRate < 0.5f ? 2 : 0);
            return Bowl(o);
        }, new SearchOptions { Parallelism = parallelism });

        Assert.Equal(serial.Trials.Select(Text), parallel.Trials.Select(Text));
        Assert.Equal(serial.Best.Number, parallel.Best.Number);
    }

    [Fact]
    public void Parallel_RunsSoManyTrialsAtATime_EachOnOneThread()
    {
        // Every trial waits for two others: this ends only if three run at the same time.
        using var three = new Barrier(3);
        var threads = new List<int?>();
        Run(new RandomSearch(6), SearchGoal.Minimize, o =>
        {
            Assert.True(three.SignalAndWait(TimeSpan.FromSeconds(30)));
            lock (threads)
            {
                threads.Add(o.NumberOfThreads);
            }

            return Bowl(o);
        }, new SearchOptions { Parallelism = 3 });

        Assert.Equal(Enumerable.Repeat((int?)1, 6), threads);
    }

    [Fact]
    public void Options_OfATraining_AreQuietAndSeeded()
    {
        MlpRegressionTrainer.Options? seen = null;
        var baseline = new MlpRegressionTrainer.Options { NumberOfThreads = 2, Progress = new Synchronous<EpochReport>(_ => { }) };
        var space = new SearchSpace<MlpRegressionTrainer.Options>(baseline).Choice<int?>("seed", [null, 77], (o, seed) => o with { Seed = seed });
        var run = new SearchRun<MlpRegressionTrainer.Options>(space, new GridSearch(1), 3, "loss", SearchGoal.Minimize, 1);
        using var session = new MadeUpSession((o, _) => Score((seen = o).Seed!.Value));

        SearchOutcome<MlpRegressionTrainer.Options> outcome = run.Run(new SearchOptions { Parallelism = 1 }, session, null, default);

        Assert.Equal([3, 77], outcome.Trials.Select(trial => trial.Options.Seed));
        Assert.Equal((2, true, null), (seen!.NumberOfThreads, seen.ThrowOnCancellation, seen.Progress));
        Assert.Equal(baseline with { Seed = 3 }, outcome.Best.Options);
    }

    [Fact]
    public void Progress_IsToldOfEveryTrial()
    {
        var told = new List<string>();

        Run(new RandomSearch(4), SearchGoal.Minimize, Bowl,
            new SearchOptions { Progress = new Synchronous<SearchTrial>(trial => told.Add(trial.ToString())), Parallelism = 1 });

        Assert.Equal(4, told.Count);
        Assert.Matches(@"^Trial 1: x 0\.\d+, y 0\.\d+: loss 0\.\d{4}, 5 epochs, 1\.5 s$", told[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ListenerThatFails_EndsTheSearch(int parallelism)
    {
        int trials = 0;

        Assert.Throws<FormatException>(() => Run(new RandomSearch(1000), SearchGoal.Minimize, o => Bowl(o) + Interlocked.Increment(ref trials),
            new SearchOptions
            {
                Parallelism = parallelism,
                Progress = new Synchronous<SearchTrial>(_ => throw new FormatException()),
            }));

        Assert.InRange(trials, 1, 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancelled_ReturnsWhatIsComplete(int parallelism)
    {
        using var cancellation = new CancellationTokenSource();
        int told = 0;
        SearchOutcome<MlpRegressionTrainer.Options> outcome = Create(new RandomSearch(1000), SearchGoal.Minimize, (o, _) => Score(Bowl(o))).Run(
            new SearchOptions { Parallelism = parallelism },
            _ =>
            {
                if (++told == 5)
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token);

        Assert.True(outcome.IsCancelled);
        Assert.InRange(outcome.Trials.Count, 5, 4 + parallelism);
        Assert.Equal(outcome.Trials.Min(trial => trial.Mean), outcome.Best.Mean);
    }

    [Fact]
    public void Cancelled_InsideATrial_LeavesItOut()
    {
        using var cancellation = new CancellationTokenSource();
        int calls = 0;
        MadeUpSearch run = Create(new RandomSearch(9), SearchGoal.Minimize, (o, _) =>
        {
            if (++calls == 3)
            {
                cancellation.Cancel();
                o.CancellationToken.ThrowIfCancellationRequested();
            }

            return Score(1);
        });

        SearchOutcome<MlpRegressionTrainer.Options> outcome = run.Run(new SearchOptions { Parallelism = 1 }, null, cancellation.Token);

        Assert.Equal([1, 2], outcome.Trials.Select(trial => trial.Number));
        Assert.True(outcome.IsCancelled);
    }

    [Fact]
    public void Cancelled_ThrowsIfAskedTo_OrIfNothingSucceeded()
    {
        using var cancellation = new CancellationTokenSource();
        MadeUpSearch run = Create(new RandomSearch(9), SearchGoal.Minimize, (_, _) => Score(1));
        Assert.Throws<OperationCanceledException>(() => run.Run(new SearchOptions { ThrowOnCancellation = true, Parallelism = 1 },
            _ => cancellation.Cancel(), cancellation.Token));

        Assert.Throws<OperationCanceledException>(() => run.Run(new SearchOptions(), null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void CancellationByAnother_IsAFailedTrial()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Run(new RandomSearch(2), SearchGoal.Minimize,
            _ => throw new OperationCanceledException("Not ours.")));

        Assert.Contains("Not ours.", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The squared distance from (0.3, 0.8).</summary>
    private static double Bowl(MlpRegressionTrainer.Options o) =>
        Math.Pow(o.L1Regularization.BaseRate - 0.3f, 2) + Math.Pow(o.L2Regularization.BaseRate - 0.8f, 2);

    private static FoldScore Score(double value) => new() { Value = value, Epochs = 5, BestEpoch = 4, Elapsed = TimeSpan.FromSeconds(1.5) };

    private static SearchOutcome<MlpRegressionTrainer.Options> Run(
        SearchStrategy strategy, SearchGoal goal, Func<MlpRegressionTrainer.Options, double> value, SearchOptions? options = null) =>
        Create(strategy, goal, (o, _) => Score(value(o))).Run(options ?? new SearchOptions(), null, default);

    private static MadeUpSearch Create(
        SearchStrategy strategy, SearchGoal goal, Func<MlpRegressionTrainer.Options, int, FoldScore> train, int folds = 1) =>
        new(strategy, goal, train, folds);

    private static string Text(SearchTrial trial) =>
        $"{trial.Number} {string.Join(' ', trial.Values.Select(value => BitConverter.SingleToInt32Bits((float)value.Value!)))} {trial.Mean:R}";

    private sealed class MadeUpSearch(SearchStrategy strategy, SearchGoal goal, Func<MlpRegressionTrainer.Options, int, FoldScore> train, int folds)
    {
        public SearchOutcome<MlpRegressionTrainer.Options> Run(
            SearchOptions options, Action<SearchTrial>? report, CancellationToken cancellationToken)
        {
            using var session = new MadeUpSession(train);
            var run = new SearchRun<MlpRegressionTrainer.Options>(_space, strategy, seed: 3, "loss", goal, folds);
            return run.Run(options, session, report, cancellationToken);
        }
    }
}
