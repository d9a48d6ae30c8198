using Microsoft.ML;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;
using MlNetMlp.TestSupport;

namespace MlNetMlp.Tests.Search;

/// <summary>Trainings end that do worse than others did at the same epoch, whichever was the faster.</summary>
public sealed class MedianPruningSearchTests
{
    private const int Epochs = 12;

    private static readonly TrainerCase _trainer = TrainerCase.Of("regression");

    private static readonly MedianPruningSearch _strategy = new(new RandomSearch(16)) { UnprunedTrials = 3, UnprunedEpochs = 2, TrialsAtOnce = 3 };

    /// <summary>The means up to each epoch are 4 3 2, 2 2 and 6 5 5; of the last epoch there are two.</summary>
    [Fact]
    public void LossLimits_AreMediansOfRunningMeans()
    {
        double[][] curves = [[4, 2, 0], [2, 2], [6, 4, 5]];

        Assert.Equal([4, 3, 3.5], (_strategy with { UnprunedTrials = 1, UnprunedEpochs = 0 }).LossLimits(curves));
        Assert.Equal([double.PositiveInfinity, 3, 3.5], (_strategy with { UnprunedTrials = 2, UnprunedEpochs = 1 }).LossLimits(curves));
        Assert.Equal([4, 3, double.PositiveInfinity], (_strategy with { UnprunedTrials = 3, UnprunedEpochs = 0 }).LossLimits(curves));
        Assert.Empty(_strategy.LossLimits([]));
    }

    [Theory]
    [InlineData(2, 5.0, 4.0)]
    [InlineData(4, 5.0, 2.5, 4.0, 2.2)] // the least so far counts, and the fourth epoch has a lower limit
    [InlineData(0, 3.0, 3.0, 3.0, 2.0, 9.0)] // what equals the limit goes on, and the fifth epoch has none
    public void Training_WhoseLeastLossExceedsALimit_Ends(int end, params double[] losses)
    {
        var pruning = new Pruning([double.PositiveInfinity, 3, 3, 2], null);
        var reports = new List<EpochReport>();
        int ended = 0;
        foreach (double loss in losses)
        {
            reports.Add(Report(reports.Count + 1, loss, member: 1));
            if (pruning.Ask(new EpochEnd([.. reports], () => null!)).StopsTraining)
            {
                ended = reports.Count;
                break;
            }
        }

        Assert.Equal((end, end > 0), (ended, pruning.HasEnded));

        // The next network of an ensemble.
        Assert.Equal(end > 0, pruning.Ask(new EpochEnd([Report(1, 0, member: 2)], () => null!)).StopsTraining);
        Assert.Equal(losses.Take(end > 0 ? end : losses.Length), pruning.Losses);
    }

    [Fact]
    public void Pruning_AsksTheCallbackOfTheOptions()
    {
        var pruning = new Pruning([1], _ => EpochDecision.Keep);

        EpochDecision decision = pruning.Ask(new EpochEnd([Report(1, 2, member: 1)], () => null!));

        Assert.True(decision is { StopsTraining: true, KeepsModel: true });
    }

    [Fact]
    public void Search_EndsSomeTrials_AndChangesNoOther()
    {
        SearchResult<MlpRegressionTrainer.Options> whole = Run(new RandomSearch(16)), pruned = Run(_strategy);

        Assert.All(pruned.Trials.Take(3), trial => Assert.False(trial.IsPruned));
        Assert.InRange(pruned.Trials.Count(trial => trial.IsPruned), 2, 12);
        Assert.All(pruned.Trials, trial => Assert.Equal(trial.IsPruned, trial.Epochs < Epochs));
        Assert.All(pruned.Trials, trial => Assert.InRange(trial.Epochs!.Value, 3, Epochs));
        Assert.All(pruned.Trials.Zip(whole.Trials).Where(pair => !pair.First.IsPruned), pair => Assert.Equal(pair.Second.Mean, pair.First.Mean));
        Assert.Equal(whole.Best.Number, pruned.Best.Number);
        Assert.Contains(" pruned", pruned.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Table_IsTheSameOnAnyNumberOfThreads(bool learns)
    {
        MedianPruningSearch strategy = learns
            ? new(new TreeParzenSearch(16) { RandomTrials = 5, TrialsAtOnce = 4 }) { UnprunedTrials = 3, UnprunedEpochs = 2, TrialsAtOnce = 4 }
            : _strategy;
        string[] serial = Lines(Run(strategy, new CrossValidation(2), parallelism: 1));

        Assert.Contains(serial, line => line.EndsWith("True", StringComparison.Ordinal));
        Assert.Equal(serial, Lines(Run(strategy, new CrossValidation(2), parallelism: 6)));
    }

    [Fact]
    public void Search_ThatGoesOnFromItsTable_DecidesTheSame()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path("trials.csv");
        string[] expected = Lines(Run(_strategy, path: path));
        File.WriteAllLines(path, File.ReadAllLines(path).Take(9));

        Assert.Equal(expected, Lines(Run(_strategy, path: path)));
    }

    [Fact]
    public void Points_OfAStrategyThatEndsTrainingsItself_AreRefused()
    {
        Assert.Throws<ArgumentException>("points", () => new MedianPruningSearch(new SuccessiveHalvingSearch(9, 9)));
        Assert.Throws<ArgumentException>("points", () => new MedianPruningSearch(_strategy));
        Assert.Throws<ArgumentOutOfRangeException>("UnprunedTrials", () => _strategy with { UnprunedTrials = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("UnprunedEpochs", () => _strategy with { UnprunedEpochs = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("TrialsAtOnce", () => _strategy with { TrialsAtOnce = 0 });
    }

    private static SearchResult<MlpRegressionTrainer.Options> Run(
        SearchStrategy strategy, SearchValidation? validation = null, int parallelism = 2, string? path = null)
    {
        var baseline = (MlpRegressionTrainer.Options)_trainer.Options with
        {
            Effort = Effort.Plain,
            NumberOfEpochs = Epochs,
            HiddenLayers = [new(8)],
            ValidationFraction = 0.2f,
            Seed = 4,
        };
        var space = new SearchSpace<MlpRegressionTrainer.Options>(baseline).Number(
            "rate", 1e-6f, 0.1f, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = Schedule.Constant(rate) });
        return new MLContext(1).Regression.SearchMlp(_trainer.Data, space, strategy, validation ?? new HeldOut(0.3f),
            options: new SearchOptions { Seed = 7, Parallelism = parallelism, Refit = false, TablePath = path });
    }

    /// <summary>All but the times.</summary>
    private static string[] Lines(SearchResult<MlpRegressionTrainer.Options> search) =>
        [.. search.Trials.Select(trial => $"{trial.Number} {string.Join(' ', trial.Values)} {trial.Mean:R} {trial.Epochs} {trial.IsPruned}")];

    private static EpochReport Report(int epoch, double loss, int member) => new()
    {
        Epoch = epoch,
        NumberOfEpochs = 9,
        TrainingLoss = loss,
        LearningRate = 1,
        GradientNorm = 1,
        Elapsed = TimeSpan.Zero,
        Member = member,
        Members = 2,
    };
}
