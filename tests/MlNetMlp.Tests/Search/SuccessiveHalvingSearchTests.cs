using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>Rounds of fewer trials with more epochs, on a made-up objective.</summary>
public sealed class SuccessiveHalvingSearchTests
{
    private static readonly SearchSpace<MlpRegressionTrainer.Options> _space = new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options())
        .Number("x", 0, 1, SearchScale.Linear, (o, x) => o with { L1Regularization = x });

    [Theory]
    [InlineData(27, 27, 3, "27x1 9x3 3x9 1x27")]
    [InlineData(20, 10, 3, "20x1 6x3 2x10")]
    [InlineData(9, 100, 2, "9x12 4x25 2x50 1x100")]
    [InlineData(5, 3, 4, "5x3")]
    [InlineData(1, 8, 2, "1x8")]
    public void Rounds_HaveFewerTrials_OfMoreEpochs(int points, int epochs, int reduction, string rounds)
    {
        var seen = new List<int>();
        SearchOutcome<MlpRegressionTrainer.Options> outcome = Run(new SuccessiveHalvingSearch(points, epochs) { Reduction = reduction }, o =>
        {
            seen.Add(o.NumberOfEpochs);
            return Loss(o);
        });

        Assert.Equal(rounds, string.Join(' ', seen.GroupBy(own => own).Select(round => $"{round.Count()}x{round.Key}")));
        Assert.Equal(seen, outcome.Trials.Select(trial => trial.Options.NumberOfEpochs));
    }

    [Fact]
    public void Round_HasTheBestOfTheRoundBefore_BestFirst()
    {
        var trials = Run(new SuccessiveHalvingSearch(27, 27), Loss).Trials;
        float[] first = X(trials.Take(27)), second = X(trials.Skip(27).Take(9)), third = X(trials.Skip(36).Take(3));

        // More epochs turn the order around: the loss is x at first, and later 1 - x.
        Assert.Equal(first.Order().Take(9), second);
        Assert.Equal(second.OrderDescending().Take(3), third);
        Assert.Equal([third.Max()], X(trials.Skip(39)));
    }

    [Fact]
    public void FirstRound_IsTheRandomSearch() => Assert.Equal(
        X(Run(new RandomSearch(9), Loss).Trials), X(Run(new SuccessiveHalvingSearch(9, 9), Loss).Trials.Take(9)));

    [Fact]
    public void FailedTrials_ComeLast()
    {
        var trials = Run(new SuccessiveHalvingSearch(9, 9), o => o.L1Regularization.BaseRate < 0.2f ? throw new FormatException() : Loss(o)).Trials;

        Assert.Contains(trials.Take(9), trial => trial.Error is not null);
        Assert.Equal(X(trials.Take(9)).Where(x => x >= 0.2f).Order().Take(3), X(trials.Skip(9).Take(3)));
    }

    [Fact]
    public void Parallel_IsSerial()
    {
        var strategy = new SuccessiveHalvingSearch(27, 27);
        string[] serial = [.. Run(strategy, Loss).Trials.Select(trial => trial.ToString())];
        string[] parallel = [.. Run(strategy, o =>
        {
            Thread.Sleep(o.L1Regularization.BaseRate < 0.3f ? 3 : 0);
            return Loss(o);
        }, parallelism: 6).Trials.Select(trial => trial.ToString())];

        Assert.Equal(serial, parallel);
    }

    private static double Loss(MlpRegressionTrainer.Options o) => o.NumberOfEpochs == 1 ? o.L1Regularization.BaseRate : 1 - o.L1Regularization.BaseRate;

    private static float[] X(IEnumerable<SearchTrial> trials) => [.. trials.Select(trial => (float)trial.Values[0].Value!)];

    private static SearchOutcome<MlpRegressionTrainer.Options> Run(
        SearchStrategy strategy, Func<MlpRegressionTrainer.Options, double> value, int parallelism = 1)
    {
        using var session = new MadeUpSession((o, _) => new FoldScore { Value = value(o), Epochs = 5, BestEpoch = 4, Elapsed = TimeSpan.Zero });
        var run = new SearchRun<MlpRegressionTrainer.Options>(_space, strategy, seed: 3, "loss", SearchGoal.Minimize, folds: 1);
        return run.Run(new SearchOptions { Parallelism = parallelism }, session, null, default);
    }
}
