using MlNetMlp.Benchmarks.Quality;

namespace MlNetMlp.Tests.Benchmarks;

/// <summary>What the quality benchmark computes from predictions and results, whose files are compiled into this project.</summary>
public sealed class QualityBenchmarkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quality-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Expected: scikit-learn 1.2.1, <c>log_loss(..., eps=1e-15)</c> and <c>accuracy_score</c>; the fourth row is sure and wrong, the sum of the fifth is 1.1.
    /// </summary>
    [Fact]
    public void LogLossAndErrorRateAreThoseOfScikitLearn()
    {
        double[] probabilities = [0.7, 0.2, 0.1, 0, 1, 0, 0.25, 0.25, 0.5, 1, 0, 0, 0.3, 0.4, 0.4];
        int[] labels = [0, 1, 0, 2, 1];
        Assert.Equal(7.458669322329557, QualityMetrics.LogLoss(probabilities, labels), 1e-12);
        Assert.Equal(0.4, QualityMetrics.ErrorRate(probabilities, labels), 1e-12);
    }

    [Fact]
    public void AClassThatTrainingRowsDoNotHaveIsAnErrorOfTheLeastProbability()
    {
        Assert.Equal(-Math.Log(1e-15), QualityMetrics.LogLoss([0.5, 0.5], [-1]), 1e-9);
        Assert.Equal(1, QualityMetrics.ErrorRate([0.5, 0.5], [-1]));
    }

    /// <summary>Expected: scikit-learn 1.2.1, <c>roc_auc_score</c> and <c>mean_squared_error(squared=False)</c>; scores are equal across classes.</summary>
    [Fact]
    public void AreaUnderCurveAndRootMeanSquaredErrorAreThoseOfScikitLearn()
    {
        Assert.Equal(0.78125, QualityMetrics.AreaUnderCurve([0.1, 0.4, 0.4, 0.4, 0.35, 0.8, 0.8, 0.9], [0, 0, 1, 1, 0, 1, 0, 1]), 1e-12);
        Assert.Equal(0.6123724356957945, QualityMetrics.RootMeanSquaredError([2.5, 0, 2, 8], [3, -0.5, 2, 7]), 1e-12);
    }

    [Fact]
    public void EveryFoldHasItsShareOfEveryClass()
    {
        int[] classes = [.. Enumerable.Range(0, 101).Select(row => row % 10 == 0 ? 2 : row % 3 == 0 ? 1 : 0)];
        int[] folds = Folds.Assign(classes, 4, seed: 1);
        foreach (IGrouping<int, int> ofClass in folds.Zip(classes).GroupBy(row => row.Second, row => row.First))
        {
            int[] counts = [.. Enumerable.Range(0, 4).Select(fold => ofClass.Count(one => one == fold))];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }

        Assert.Equal([25, 25, 25, 26], folds.CountBy(fold => fold).Select(fold => fold.Value).Order());
        Assert.Equal(folds, Folds.Assign(classes, 4, seed: 1));
        Assert.NotEqual(folds, Folds.Assign(classes, 4, seed: 2));
        Assert.NotEqual(Enumerable.Range(0, 101).Select(row => row % 4), Folds.Assign(new int[101], 4, seed: 1));
    }

    [Fact]
    public void WinsTiesAndLossesHaveABandOfOnePercent()
    {
        var comparison = new QualityComparison(
        [
            ("better", QualityComparison.Difference(0.8, 1)),
            ("just better", QualityComparison.Difference(9.89, 10)),
            ("nearly better", QualityComparison.Difference(9.91, 10)),
            ("both zero", QualityComparison.Difference(0, 0)),
            ("nearly worse", QualityComparison.Difference(10.09, 10)),
            ("just worse", QualityComparison.Difference(10.11, 10)),
            ("failed", QualityComparison.Difference(double.NaN, 10)),
            ("worse than zero", QualityComparison.Difference(0.1, 0)),
        ]);
        Assert.Equal((2, 3, 3), (comparison.Wins, comparison.Ties, comparison.Losses.Count));
        Assert.Equal(["failed", "worse than zero", "just worse"], comparison.Losses.Select(one => one.Set));
        Assert.Equal(0.0045, comparison.MedianDifference, 1e-9);
        Assert.Equal(-0.2, comparison.Sets[0].Difference, 1e-12);
    }

    [Fact]
    public void AStandingIsTheMedianOverSeedsOfTheMeanOverFolds()
    {
        QualityResult[] results = [.. new[] { (1, 1.0), (1, 3.0), (2, 7.0), (2, 9.0), (3, 10.0), (3, 20.0), (4, 1000.0) }
            .Select((one, place) => Result(one.Item1, place % 2) with { Metric = one.Item2, FitSeconds = place })];
        QualityStanding standing = QualityStanding.Of(results, folds: 2)!;

        // Means 2, 8 and 15; the fourth seed has one fold only.
        Assert.Equal(8, standing.Metric);
        Assert.Equal(2.5, standing.FitSeconds);
        Assert.Null(standing.ErrorRate);
        Assert.Null(QualityStanding.Of(results[..1], folds: 2));
        Assert.Equal(double.NaN, QualityStanding.Of([results[0], results[1] with { Metric = double.NaN }], folds: 2)!.Metric);
    }

    [Fact]
    public void ResultsAreFoundAgainAndTheLatestCounts()
    {
        QualityResult kept = Result(1, 0) with { Metric = double.NaN, Problem = "It failed.", Code = "abc" };
        var results = new QualityResults(_folder, []);
        results.Add(Result(2, 0) with { Metric = 1 });
        results.Add(kept);
        results.Add(Result(2, 0) with { Metric = 2, ErrorRate = 0.25 });
        File.AppendAllText(Path.Combine(_folder, "results.jsonl"), "{\"set\":\"a\",\"si");

        foreach (QualityResults again in new[] { new QualityResults(_folder, []), new QualityResults(Path.Combine(_folder, "other"), [_folder]) })
        {
            Assert.Equal([kept, Result(2, 0) with { Metric = 2, ErrorRate = 0.25 }], again.All);
        }
    }

    [Theory]
    [InlineData("NumberOfEpochs=7")]
    [InlineData("BatchSize=32")]
    [InlineData("BatchSize=none")]
    [InlineData("shuffle=false")]
    [InlineData("InputDropout=0.25")]
    [InlineData("EarlyStopping=default")]
    [InlineData("LearningRate=0.01")]
    [InlineData("HiddenLayers=64x32")]
    [InlineData("Optimizer.WeightDecay=3e-4")]
    [InlineData("Optimizer=RAdam")]
    [InlineData("MissingValues=Fail")]
    public void OptionsAreSetByTheirNames(string text)
    {
        MlpTrainerOptions expected = text.Split('=')[0] switch
        {
            "NumberOfEpochs" => new MlpRegressionTrainer.Options { NumberOfEpochs = 7 },
            "BatchSize" => new MlpRegressionTrainer.Options { BatchSize = text.EndsWith('2') ? 32 : null },
            "shuffle" => new MlpRegressionTrainer.Options { Shuffle = false },
            "InputDropout" => new MlpRegressionTrainer.Options { InputDropout = 0.25f },
            "EarlyStopping" => new MlpRegressionTrainer.Options { EarlyStopping = new() },
            "LearningRate" => new MlpRegressionTrainer.Options { LearningRate = 0.01f },
            "HiddenLayers" => new MlpRegressionTrainer.Options { HiddenLayers = [new(64), new(32)] },
            "Optimizer.WeightDecay" => new MlpRegressionTrainer.Options { Optimizer = new AdamW { WeightDecay = 3e-4f } },
            "Optimizer" => new MlpRegressionTrainer.Options { Optimizer = new RAdam() },
            _ => new MlpRegressionTrainer.Options { MissingValues = InvalidValueHandling.Fail },
        };
        var defaults = new MlpRegressionTrainer.Options();
        Assert.Equal(expected, OptionText.Set(defaults, text));
        Assert.Equal(new MlpRegressionTrainer.Options(), defaults);
    }

    [Theory]
    [InlineData("NumberOfEpochs", "Name=Value")]
    [InlineData("Epochs=7", "no option 'Epochs'")]
    [InlineData("NumberOfEpochs=many", "'many' is no value of NumberOfEpochs")]
    [InlineData("NumberOfEpochs=0", "NumberOfEpochs must be")]
    [InlineData("EarlyStopping.Patience=5", "EarlyStopping is none")]
    public void AnOptionThatIsNoneIsRefused(string text, string message) =>
        Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => OptionText.Set(new MlpBinaryTrainer.Options(), text)).Message, StringComparison.Ordinal);

    private static QualityResult Result(int seed, int fold) => new("a set", "a side", "cv2", fold, seed, 1, null);
}
