using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>The search that learns from its trials, on made-up objectives.</summary>
public sealed class TreeParzenSearchTests
{
    /// <summary>A number of each kind, a choice and a branch, one of whose alternatives has a number of its own.</summary>
    private static readonly SearchSpace<MlpRegressionTrainer.Options> _space =
        new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options { Optimizer = new Sgd() })
            .Number("x", 1e-5f, 1, SearchScale.Logarithmic, (o, x) => o with { L1Regularization = x })
            .WholeNumber("n", 1, 100, SearchScale.Linear, (o, n) => o with { NumberOfEpochs = n })
            .Choice("c", [1, 2, 3, 4], (o, c) => o with { BatchSize = c })
            .Branch(
                "rule",
                ("plain", s => s.Set(o => o with { Optimizer = new Sgd() })),
                ("momentum", s => s.Number("m", 0, 0.99f, SearchScale.Linear, (o, m) => o with { Optimizer = new Momentum { Coefficient = m } })));

    [Fact]
    public void FindsBetterPoints_ThanTwiceAsManyRandomOnes()
    {
        double learned = Median(seed => Run(_space, new TreeParzenSearch(80), Objective, seed).Best.Mean!.Value);
        double random = Median(seed => Run(_space, new RandomSearch(160), Objective, seed).Best.Mean!.Value);

        Assert.True(learned < 0.75 * random, $"{learned} {random}");

        static double Median(Func<int, double> best) => Enumerable.Range(0, 15).Select(best).Order().ElementAt(7);
    }

    /// <summary>The made-up loss is least, and 0, at x = 0.01, n = 40, c = 1 and momentum 0.7.</summary>
    private static double Objective(MlpRegressionTrainer.Options o)
    {
        double magnitude = Math.Log10(o.L1Regularization.BaseRate) + 2, epochs = (o.NumberOfEpochs - 40) / 50.0;
        return (magnitude * magnitude / 4) + (epochs * epochs) + (0.1 * (o.BatchSize!.Value - 1))
            + (o.Optimizer is Momentum momentum ? Math.Pow(momentum.Coefficient - 0.7, 2) : 0.3);
    }

    [Fact]
    public void BeginsWithRandomPoints_AndGoesOnWithOthers()
    {
        string[] random = [.. Run(_space, new RandomSearch(12), Objective).Trials.Select(Text)];
        string[] learned = [.. Run(_space, new TreeParzenSearch(12) { RandomTrials = 7 }, Objective).Trials.Select(Text)];

        Assert.Equal(random[..7], learned[..7]);
        Assert.All(Enumerable.Range(7, 5), i => Assert.NotEqual(random[i], learned[i]));
    }

    [Fact]
    public void MoreTrials_BeginWithTheSameOnes() => Assert.Equal(
        Run(_space, new TreeParzenSearch(25), Objective).Trials.Select(Text),
        Run(_space, new TreeParzenSearch(40), Objective).Trials.Take(25).Select(Text));

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Parallel_IsSerial(int parallelism)
    {
        var strategy = new TreeParzenSearch(40) { RandomTrials = 5, TrialsAtOnce = 3 };
        var serial = Run(_space, strategy, Objective, parallelism: 1);
        int running = 0;
        var parallel = Run(_space, strategy, o =>
        {
            Assert.InRange(Interlocked.Increment(ref running), 1, 7);

            // Later trials end before earlier ones.
            Thread.Sleep(o.NumberOfEpochs % 3 * 2);
            Interlocked.Decrement(ref running);
            return Objective(o);
        }, parallelism: parallelism);

        Assert.Equal(serial.Trials.Select(Text), parallel.Trials.Select(Text));
        Assert.Equal(serial.Best.Number, parallel.Best.Number);
    }

    /// <summary>The result of a trial decides on the one that may know it, and not on the one before that.</summary>
    [Fact]
    public void Point_DependsOnTheResultsThatItMayKnow()
    {
        const int Changed = 20, AtOnce = 4;
        var strategy = new TreeParzenSearch(40) { TrialsAtOnce = AtOnce };
        int calls = 0;
        string[] before = [.. Run(_space, strategy, Objective, parallelism: 1).Trials.Select(Point)];
        string[] after = [.. Run(_space, strategy, o => calls++ == Changed ? -1 : Objective(o), parallelism: 1).Trials.Select(Point)];

        Assert.Equal(before[..(Changed + AtOnce)], after[..(Changed + AtOnce)]);
        Assert.NotEqual(before[Changed + AtOnce], after[Changed + AtOnce]);
    }

    /// <summary>Now and then, when the first choice has been tried so often that it is common among the others too, the second is tried again.</summary>
    [Fact]
    public void Choice_IsMostlyTheOneOfTheGoodTrials()
    {
        var space = new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options())
            .Choice("c", [1, 2], (o, c) => o with { BatchSize = c }).Number("x", 0, 1, SearchScale.Linear, (o, x) => o with { L1Regularization = x });
        var trials = Run(space, new TreeParzenSearch(60), o => o.BatchSize!.Value + o.L1Regularization.BaseRate).Trials;

        Assert.InRange(trials.Skip(20).Count(trial => trial.Values[0].Value is 1), 36, 40);
        Assert.InRange(trials.Skip(40).Average(trial => (float)trial.Values[1].Value!), 0, 0.2);
    }

    [Fact]
    public void Points_AreNotTriedAgain_WhileThereAreOthers()
    {
        var space = new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options())
            .WholeNumber("n", 1, 10, SearchScale.Linear, (o, n) => o with { NumberOfEpochs = n }).Choice("c", [1, 2, 3, 4], (o, c) => o with { BatchSize = c });

        var trials = Run(space, new TreeParzenSearch(30) { RandomTrials = 3 }, o => o.NumberOfEpochs * o.BatchSize!.Value).Trials;

        Assert.InRange(trials.Select(Point).Distinct().Count(), 27, 30);
        Assert.Equal(30, Run(space, new TreeParzenSearch(30) { RandomTrials = 30 }, _ => 0).Trials.Count);
    }

    [Fact]
    public void FailedTrials_AreAvoided()
    {
        var trials = Run(_space, new TreeParzenSearch(60), o => o.NumberOfEpochs > 50 ? throw new FormatException() : 1).Trials;

        Assert.InRange(trials.Take(10).Count(trial => trial.Error is not null), 3, 7);
        Assert.InRange(trials.Skip(30).Count(trial => trial.Error is not null), 0, 8);
    }

    [Fact]
    public void AllFailed_ThrowsTheFirstError() =>
        Assert.Throws<InvalidOperationException>(() => Run(_space, new TreeParzenSearch(20), _ => throw new FormatException("Broken.")));

    private static SearchOutcome<MlpRegressionTrainer.Options> Run(
        SearchSpace<MlpRegressionTrainer.Options> space, SearchStrategy strategy, Func<MlpRegressionTrainer.Options, double> value, int seed = 3,
        int? parallelism = 1)
    {
        using var session = new MadeUpSession((o, _) => new FoldScore { Value = value(o), Epochs = 5, BestEpoch = 4, Elapsed = TimeSpan.Zero });
        var run = new SearchRun<MlpRegressionTrainer.Options>(space, strategy, seed, "loss", SearchGoal.Minimize, folds: 1);
        return run.Run(new SearchOptions { Parallelism = parallelism }, session, null, default);
    }

    private static string Text(SearchTrial trial) => $"{Point(trial)} {trial.Mean:R}";

    private static string Point(SearchTrial trial) =>
        string.Join(' ', trial.Values.Select(value => $"{value.Name} {(value.Value is float number ? number.ToString("R", null) : value.Text)}"));
}
