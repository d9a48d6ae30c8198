using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>A search that goes on from the table of an earlier one, on a made-up objective.</summary>
public sealed class SearchFileTests : IDisposable
{
    private static readonly SearchSpace<MlpRegressionTrainer.Options> _space = new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options())
        .Number("x", 0, 1, SearchScale.Linear, (o, x) => o with { L1Regularization = x })
        .Choice("size", [1, 2], (o, n) => o with { BatchSize = n }, n => n == 1 ? "one, \"or 1\"" : "two\nlines")
        .Branch("rule", ("plain", s => s), ("more", s => s.Number("y", 0, 1, SearchScale.Linear, (o, y) => o with { L2Regularization = y })));

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void MoreTrials_TrainOnlyTheNew_AndAreThoseOfOneSearch(int parallelism)
    {
        SearchStrategy Strategy(int trials) => new TreeParzenSearch(trials) { RandomTrials = 5 };
        var whole = Run(Strategy(30), path: null);
        Run(Strategy(12), _path, parallelism);
        var told = new List<int>();
        int trainings = 0;

        var continued = Run(Strategy(30), _path, parallelism, () => Interlocked.Increment(ref trainings), trial => told.Add(trial.Number));

        Assert.Equal(whole.Trials.Select(Text), continued.Trials.Select(Text));
        Assert.Equal(whole.Best.Number, continued.Best.Number);
        Assert.Equal(Enumerable.Range(13, 18), told.Order());
        Assert.Equal(whole.Trials.Skip(12).Sum(Trainings), trainings);
        Assert.Contains(whole.Trials.Take(12), trial => trial.Error is not null);

        trainings = 0;
        Assert.Equal(whole.Trials.Select(Text), Run(Strategy(30), _path, parallelism, () => trainings++).Trials.Select(Text));
        Assert.Equal(0, trainings);
    }

    [Fact]
    public void DeletedLine_IsTrainedAgain()
    {
        var whole = Run(new RandomSearch(6), _path);
        string table = File.ReadAllText(_path);
        File.WriteAllText(_path, table[..(table.IndexOf("\n6,", StringComparison.Ordinal) + 1)]);
        int trainings = 0;

        Assert.Equal(whole.Trials.Select(Text), Run(new RandomSearch(6), _path, 1, () => trainings++).Trials.Select(Text));
        Assert.Equal(Trainings(whole.Trials[^1]), trainings);
    }

    [Fact]
    public void OtherSearch_IsRefused()
    {
        Run(new RandomSearch(3), _path);

        Assert.Contains("another seed, space or strategy", Refused(new RandomSearch(3), seed: 4), StringComparison.Ordinal);
        Assert.Contains("'trial,x,size,rule,y,loss,deviation,fold 1,", Refused(new RandomSearch(3), folds: 1), StringComparison.Ordinal);
        File.WriteAllText(_path, File.ReadAllText(_path).Replace("\n2,", "\n1,", StringComparison.Ordinal));
        Assert.Contains("is damaged", Refused(new RandomSearch(3)), StringComparison.Ordinal);
        File.WriteAllText(_path, "");
        Assert.Contains("is no table of this search", Refused(new RandomSearch(3)), StringComparison.Ordinal);

        string Refused(SearchStrategy strategy, int seed = 3, int folds = 2) => Assert.Throws<InvalidDataException>(() =>
            new SearchRun<MlpRegressionTrainer.Options>(_space, strategy, seed, "loss", SearchGoal.Minimize, folds, _path)).Message;
    }

    [Fact]
    public void FolderThatIsNotThere_EndsTheSearch() =>
        Assert.Throws<DirectoryNotFoundException>(() => Run(new RandomSearch(2), Path.Combine(_path, "trials.csv")));

    private static SearchOutcome<MlpRegressionTrainer.Options> Run(
        SearchStrategy strategy, string? path, int parallelism = 1, Action? train = null, Action<SearchTrial>? report = null)
    {
        using var session = new MadeUpSession((o, fold) =>
        {
            train?.Invoke();
            return new FoldScore
            {
                Value = fold == 1 && o.L1Regularization.BaseRate > 0.7f
                    ? throw new FormatException("Too\nmuch, \"really\".")
                    : o.L1Regularization.BaseRate / 3 + fold,
                Epochs = 5 + fold,
                BestEpoch = 4,
                Elapsed = TimeSpan.FromSeconds(1.25),
            };
        });
        var run = new SearchRun<MlpRegressionTrainer.Options>(_space, strategy, seed: 3, "loss", SearchGoal.Minimize, folds: 2, path);
        return run.Run(new SearchOptions { Parallelism = parallelism }, session, report, default);
    }

    private static int Trainings(SearchTrial trial) => trial.Folds.Count + (trial.Error is null ? 0 : 1);

    private static string Text(SearchTrial trial) =>
        $"{trial.Number} {string.Join(", ", trial.Values)}: {string.Join("; ", trial.Folds)} {trial.Error?.Message.ReplaceLineEndings(" ")}";
}
