using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>Whole searches with trainings, small ones.</summary>
public sealed class SearchMlpTests
{
    private const int Rows = 90;

    private readonly MLContext _context = new(1);

    [Fact]
    public void Multiclass_FindsTheOptionsThatLearn()
    {
        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(
            TrainerCase.Of("multiclass").Data, Rates(Small(new MlpMulticlassTrainer.Options())), new GridSearch(3), new CrossValidation(3),
                MulticlassMetric.MicroAccuracy);

        Assert.Equal(0.1f, result.Best.Values[0].Value);
        Assert.True(result.Best.Mean > 0.98, result.ToString());
        Assert.True(result.Trials[0].Mean < 0.9, result.ToString());
        Assert.Equal(1, _context.MulticlassClassification.Evaluate(result.Model.Transform(TrainerCase.Of("multiclass").Data)).MicroAccuracy);
    }

    [Fact]
    public void Binary_FindsTheOptionsThatLearn()
    {
        SearchResult<MlpBinaryTrainer.Options> result = _context.BinaryClassification.SearchMlp(
            TrainerCase.Of("binary").Data, Rates(Small(new MlpBinaryTrainer.Options())), new GridSearch(3), new HeldOut(0.3));

        Assert.Equal(0.1f, result.Best.Values[0].Value);
        Assert.Equal("log-loss", result.Best.Metric);
        Assert.Single(result.Best.Folds);
        Assert.True(result.Best.Mean < result.Trials[1].Mean && result.Trials[1].Mean < result.Trials[0].Mean, result.ToString());
    }

    /// <summary>
    /// A confident mistake: of rows from -1 to 1 with the label x > 0, and a test row x = 2 that is labelled false, beside one that is labelled true.
    /// ML.NET's log-loss is finite, and the search knows what the mistake costs: as many bits as the log-odds have, not the 24 at which probabilities in
    /// single precision end.
    /// </summary>
    [Fact]
    public void Binary_ConfidentMistake_CostsItsLogOdds()
    {
        IDataView training = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Point((i - 99.5f) / 100, i >= 100)));
        IDataView test = _context.Data.LoadFromEnumerable([new Point(2, false), new Point(2, true)]);
        var options = new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = [new(16)], NumberOfEpochs = 300, LearningRate = 0.03f, Seed = 1 };

        SearchResult<MlpBinaryTrainer.Options> result = _context.BinaryClassification.SearchMlp(
            training, new(options), new RandomSearch(1), new ValidationSet(test));

        IDataView scored = result.Model.Transform(test);
        float score = scored.GetColumn<float>("Score").First(), probability = scored.GetColumn<float>("Probability").First();
        Assert.True(score > 30, $"{score}");
        Assert.True(probability < 1);
        Assert.Equal(24 / 2.0, _context.BinaryClassification.Evaluate(scored).LogLoss, 1e-6);
        Assert.Equal(score / Math.Log(2) / 2, result.Best.Mean!.Value, 1e-3);
    }

    [Fact]
    public void Regression_FindsTheOptionsThatLearn()
    {
        RowsView data = TrainerCase.Of("regression").Data;
        SearchResult<MlpRegressionTrainer.Options> result = _context.Regression.SearchMlp(
            data, Rates(Small(new MlpRegressionTrainer.Options())), new GridSearch(3), new ValidationSet(data), RegressionMetric.RSquared);

        Assert.Equal(0.1f, result.Best.Values[0].Value);
        // With a validation set the trial learns from all training rows, as the model does.
        Assert.Equal(_context.Regression.Evaluate(result.Model.Transform(data)).RSquared, result.Best.Mean);
        Assert.True(result.Best.Mean > 0.95, result.ToString());
    }

    [Fact]
    public void CrossValidation_IsThatOfFoldsMadeByHand()
    {
        var options = Small(new MlpMulticlassTrainer.Options { Seed = 4 });
        SearchTrial trial = _context.MulticlassClassification.SearchMlp(
            TrainerCase.Of("multiclass").Data, new(options), new RandomSearch(1), new CrossValidation(3), options: new SearchOptions { Seed = 7 }).Best;

        int[] folds = RowFolds.Deal(new CrossValidation(3), Rows, [.. Enumerable.Range(0, Rows).Select(TrainerCase.ClassOf)], seed: 7);
        double[] expected = [.. Enumerable.Range(0, 3).Select(fold =>
        {
            IDataView training = View(row => folds[row] != fold), test = View(row => folds[row] == fold);
            return _context.MulticlassClassification.Evaluate(_context.MulticlassClassification.Trainers.Mlp(options).Fit(training).Transform(test)).LogLoss;
        })];

        Assert.Equal(expected, trial.Folds.Select(fold => fold.Value));
        Assert.Equal(expected.Sum() / 3, trial.Mean!.Value, 12);
        Assert.Equal(3, expected.Distinct().Count());

        static RowsView View(Func<int, bool> isIn)
        {
            int[] rows = [.. Enumerable.Range(0, Rows).Where(isIn)];
            return new RowsView(
                rows.Length,
                ViewColumn.Key("Label", 3, i => (uint)TrainerCase.ClassOf(rows[i]) + 1, "ash", "birch", "cedar"),
                ViewColumn.Vector("Features", TrainerCase.FeatureCount, i => TrainerCase.FeaturesOf(rows[i])));
        }
    }

    [Fact]
    public void VectorLabel_IsMeasuredByTheMeanOverItsValues()
    {
        RowsView data = TrainerCase.Of("multi-output regression").Data;
        var options = Small(new MlpRegressionTrainer.Options { Seed = 4 });
        SearchResult<MlpRegressionTrainer.Options> result = _context.Regression.SearchMlp(data, new(options), new RandomSearch(1), new ValidationSet(data));

        var model = (MlpPredictionTransformer)result.Model;
        double[] squares = new double[2];
        for (int row = 0; row < Rows; row++)
        {
            float[] scores = new float[2];
            model.Model.Network.Predict(TrainerCase.FeaturesOf(row), scores);
            squares[0] += Math.Pow(scores[0] - TrainerCase.TargetOf(row, 0), 2);
            squares[1] += Math.Pow(scores[1] - TrainerCase.TargetOf(row, 1), 2);
        }

        Assert.Equal((Math.Sqrt(squares[0] / Rows) + Math.Sqrt(squares[1] / Rows)) / 2, result.Best.Mean!.Value, 4);
    }

    [Fact]
    public void Model_IsThatOfAPlainFitWithTheBestOptions()
    {
        RowsView data = TrainerCase.Of("multiclass").Data;
        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(
            data, Rates(Small(new MlpMulticlassTrainer.Options { EarlyStopping = new() { Patience = 2 } })), new RandomSearch(3), new HeldOut(0.2),
                options: new SearchOptions { Seed = 8 });

        MlpPredictionTransformer plain = _context.MulticlassClassification.Trainers.Mlp(result.Best.Options).Fit(data);

        Assert.Equal(RowValues.ReadAll(plain.Transform(data)), RowValues.ReadAll(result.Model.Transform(data)));
        Assert.Equal(8, result.Best.Options.Seed);
    }

    [Fact]
    public void Parallel_IsSerial_AndTheSeedDecides()
    {
        string Table(int parallelism, int seed)
        {
            SearchResult<MlpBinaryTrainer.Options> result = new MLContext(parallelism).BinaryClassification.SearchMlp(
                TrainerCase.Of("binary").Data,
                Rates(Small(new MlpBinaryTrainer.Options())).WholeNumber("units", 4, 12, SearchScale.Logarithmic, (o, n) => o with { HiddenLayers = [new(n)] }),
                new RandomSearch(6),
                new CrossValidation(2),
                options: new SearchOptions { Seed = seed, Parallelism = parallelism });
            return string.Join('\n', [.. result.Trials.Select(Bits), .. RowValues.ReadAll(result.Model.Transform(TrainerCase.Of("binary").Data)).Values]);
        }

        Assert.Equal(Table(1, seed: 5), Table(3, seed: 5));
        Assert.NotEqual(Table(1, seed: 5), Table(1, seed: 6));
    }

    [Fact]
    public void SeedOfTheContext_MakesASearchRepeatable()
    {
        string[] Search(int seed) => [.. new MLContext(seed).Regression.SearchMlp(
            TrainerCase.Of("regression").Data, Rates(Small(new MlpRegressionTrainer.Options())), new RandomSearch(2), new HeldOut()).Trials.Select(Bits)];

        Assert.Equal(Search(2), Search(2));
        Assert.NotEqual(Search(2), Search(3));
    }

    [Fact]
    public void DivergedTrial_IsRecorded()
    {
        var space = new SearchSpace<MlpRegressionTrainer.Options>(Small(new MlpRegressionTrainer.Options { Optimizer = new Sgd() }))
            .Choice("rate", [1e30f, 0.01f], (o, x) => o with { LearningRate = x });

        SearchResult<MlpRegressionTrainer.Options> result = _context.Regression.SearchMlp(TrainerCase.Of("regression").Data, space,
            new GridSearch(1), new HeldOut());

        Assert.IsType<TrainingDivergedException>(result.Trials[0].Error);
        Assert.Equal(2, result.Best.Number);
        Assert.Contains("failed", result.ToString().Split(Environment.NewLine)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void LogLoss_OfAHinge_IsRefused()
    {
        var space = new SearchSpace<MlpMulticlassTrainer.Options>(Small(new MlpMulticlassTrainer.Options()))
            .Choice<MulticlassLoss>("loss", [new MulticlassHinge(), new SoftmaxCrossEntropy()], (o, loss) => o with { Loss = loss });

        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(TrainerCase.Of("multiclass").Data, space,
            new GridSearch(1), new HeldOut());

        Assert.Contains("The log-loss measures probabilities", result.Trials[0].Error!.Message, StringComparison.Ordinal);
        Assert.Null(result.Trials[1].Error);
    }

    [Fact]
    public void Metrics_AreThoseOfMLNet()
    {
        RowsView binary = TrainerCase.Of("binary").Data, multiclass = TrainerCase.Of("multiclass").Data, regression = TrainerCase.Of("regression").Data;
        CalibratedBinaryClassificationMetrics two = null!;
        MulticlassClassificationMetrics many = null!;
        RegressionMetrics numbers = null!;
        _context.BinaryClassification.SearchMlp(binary, new(Small(new MlpBinaryTrainer.Options())), new RandomSearch(1), new HeldOut(),
            new("all", SearchGoal.Minimize, m => (two = m).LogLoss));
        _context.MulticlassClassification.SearchMlp(multiclass, new(Small(new MlpMulticlassTrainer.Options())), new RandomSearch(1), new HeldOut(),
            new("all", SearchGoal.Minimize, m => (many = m).LogLoss));
        _context.Regression.SearchMlp(regression, new(Small(new MlpRegressionTrainer.Options())), new RandomSearch(1), new HeldOut(),
            new("all", SearchGoal.Minimize, m => (numbers = m).MeanAbsoluteError));

        Assert.Equal(
            [two.LogLoss, two.Accuracy, two.AreaUnderRocCurve, two.AreaUnderPrecisionRecallCurve, two.F1Score],
            new[] { BinaryMetric.LogLoss, BinaryMetric.Accuracy, BinaryMetric.AreaUnderRocCurve, BinaryMetric.AreaUnderPrecisionRecallCurve,
                BinaryMetric.F1Score }.Select(m => m.Of(two)));
        Assert.Equal(
            [many.LogLoss, many.MicroAccuracy, many.MacroAccuracy],
            new[] { MulticlassMetric.LogLoss, MulticlassMetric.MicroAccuracy, MulticlassMetric.MacroAccuracy }.Select(m => m.Of(many)));
        Assert.Equal(
            [numbers.RootMeanSquaredError, numbers.MeanAbsoluteError, numbers.RSquared],
            new[] { RegressionMetric.RootMeanSquaredError, RegressionMetric.MeanAbsoluteError, RegressionMetric.RSquared }.Select(m => m.Of(numbers)));
        Assert.All([BinaryMetric.Accuracy, BinaryMetric.AreaUnderRocCurve, BinaryMetric.AreaUnderPrecisionRecallCurve, BinaryMetric.F1Score],
            m => Assert.Equal(SearchGoal.Maximize, m.Goal));
        Assert.All([MulticlassMetric.MicroAccuracy, MulticlassMetric.MacroAccuracy], m => Assert.Equal(SearchGoal.Maximize, m.Goal));
        Assert.Equal(SearchGoal.Maximize, RegressionMetric.RSquared.Goal);
        Assert.All([RegressionMetric.RootMeanSquaredError, RegressionMetric.MeanAbsoluteError], m => Assert.Equal(SearchGoal.Minimize, m.Goal));
        Assert.Equal((SearchGoal.Minimize, SearchGoal.Minimize), (BinaryMetric.LogLoss.Goal, MulticlassMetric.LogLoss.Goal));
    }

    [Fact]
    public void Cancelled_DuringTheTrainings_GivesNoModel()
    {
        using var cancellation = new CancellationTokenSource();
        SearchResult<MlpRegressionTrainer.Options> Search(bool throws) => _context.Regression.SearchMlp(
            TrainerCase.Of("regression").Data, Rates(Small(new MlpRegressionTrainer.Options { CancellationToken = cancellation.Token })),
                new RandomSearch(50), new HeldOut(),
            options: new SearchOptions { Parallelism = 1, Progress = new Synchronous<SearchTrial>(_ => cancellation.Cancel()), ThrowOnCancellation = throws });

        SearchResult<MlpRegressionTrainer.Options> result = Search(throws: false);

        Assert.Single(result.Trials);
        Assert.True(result.IsCancelled);
        Assert.False(result.HasModel);
        Assert.Contains("cancelled", Assert.Throws<InvalidOperationException>(() => result.Model).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => Search(throws: true));
    }

    /// <summary>ML.NET's evaluators know nothing of cancellation: the rows end it, and the trial is none.</summary>
    [Fact]
    public void Cancelled_DuringTheMeasuring_LeavesTheTrialOut()
    {
        using var cancellation = new CancellationTokenSource();
        RowsView data = TrainerCase.Of("regression").Data;
        RowsView measured = data.With(ViewColumn.Number("Label", row =>
        {
            cancellation.Cancel();
            return row;
        }));

        Assert.Throws<OperationCanceledException>(() => _context.Regression.SearchMlp(
            data, Rates(Small(new MlpRegressionTrainer.Options())), new RandomSearch(3), new ValidationSet(measured),
            options: new SearchOptions { CancellationToken = cancellation.Token, Parallelism = 1 }));
    }

    [Fact]
    public void Cancelled_DuringTheRefit_GivesNoModel()
    {
        using var cancellation = new CancellationTokenSource();
        SearchResult<MlpRegressionTrainer.Options> result = _context.Regression.SearchMlp(
            TrainerCase.Of("regression").Data,
            // Epochs are reported by the training of the model only.
            new(Small(new MlpRegressionTrainer.Options { Progress = new Synchronous<EpochReport>(_ => cancellation.Cancel()) })),
            new RandomSearch(2), new HeldOut(), options: new SearchOptions { CancellationToken = cancellation.Token });

        Assert.Equal(2, result.Trials.Count);
        Assert.True(result.IsCancelled);
        Assert.False(result.HasModel);
    }

    [Fact]
    public void Refit_Off_GivesNoModel()
    {
        SearchResult<MlpRegressionTrainer.Options> result = _context.Regression.SearchMlp(
            TrainerCase.Of("regression").Data, new(Small(new MlpRegressionTrainer.Options())), new RandomSearch(1), new HeldOut(),
                options: new SearchOptions { Refit = false });

        Assert.False(result.HasModel);
        Assert.False(result.IsCancelled);
        Assert.Contains("Refit is off", Assert.Throws<InvalidOperationException>(() => result.Model).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_HasALineForEveryTrial()
    {
        var lines = new List<string>();
        _context.Log += (_, message) => lines.Add(message.RawMessage);

        _context.Regression.SearchMlp(TrainerCase.Of("regression").Data, Rates(Small(new MlpRegressionTrainer.Options())), new RandomSearch(3),
            new HeldOut(), options: new SearchOptions { Refit = false });

        Assert.Equal(3, lines.Count(line => line.StartsWith("Trial ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.StartsWith("Epoch ", StringComparison.Ordinal));
        Assert.Contains("Searching by the RMSE; trials: 3, training runs of each: 1.", lines);
    }

    [Fact]
    public void WrongData_IsRefusedBeforeTheTrials()
    {
        RowsView data = TrainerCase.Of("binary").Data;
        SearchSpace<MlpBinaryTrainer.Options> space = new(Small(new MlpBinaryTrainer.Options()));
        SearchResult<MlpBinaryTrainer.Options> Search(IDataView rows, SearchValidation validation) => _context.BinaryClassification.SearchMlp(rows,
            space, new RandomSearch(2), validation);

        Assert.Contains("'Features'", Assert.Throws<ArgumentOutOfRangeException>(() => Search(data.Without("Features"), new HeldOut())).Message,
            StringComparison.Ordinal);
        Assert.Contains("needs at least 95 rows", Assert.Throws<InvalidOperationException>(() => Search(data, new CrossValidation(95))).Message,
            StringComparison.Ordinal);
        Assert.Contains("2 positive and 88 negative rows",
            Assert.Throws<InvalidOperationException>(() => Search(data.With(ViewColumn.Boolean("Label", row => row < 2)), new CrossValidation(3)))
                .Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Search(null!, new HeldOut()));
        Assert.Throws<ArgumentNullException>(() => Search(data, null!));
        Assert.Throws<ArgumentException>(() => _context.BinaryClassification.SearchMlp(data.Without("Features"), Rates(space.Baseline),
            new GridSearch(2) { MaximumTrials = 1 }, new HeldOut()));
    }

    [Fact]
    public void SaveCsv_HasEveryDigit()
    {
        string path = Path.GetTempFileName();
        try
        {
            SearchResult<MlpRegressionTrainer.Options> result = _context.Regression.SearchMlp(
                TrainerCase.Of("regression").Data,
                Rates(Small(new MlpRegressionTrainer.Options())).Choice("epochs", [2, 0], (o, n) => o with { NumberOfEpochs = n }, n => n == 0
                    ? "none, \"0\"" : "two"),
                new GridSearch(2), new CrossValidation(2));
            result.SaveCsv(path);
            string[] lines = File.ReadAllLines(path);

            Assert.Equal("trial,rate,epochs,RMSE,deviation,fold 1,fold 2,epochs,seconds,error,fold 1 epochs,fold 1 best epoch,fold 1 seconds," +
                "fold 2 epochs,fold 2 best epoch,fold 2 seconds", lines[0]);
            Assert.Equal(5, lines.Length);
            string[] cells = lines[1].Split(',');
            SearchTrial first = result.Trials[0];
            Assert.Equal(["1", "0.0001", "two"], cells[..3]);
            Assert.Equal([first.Mean!.Value, first.StandardDeviation!.Value, first.Folds[0].Value, first.Folds[1].Value, 2],
                cells[3..8].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
            Assert.StartsWith("2,0.0001,\"none, \"\"0\"\"\",,,,,,0,\"NumberOfEpochs must be greater than 0, but it is 0.", lines[2], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static TOptions Small<TOptions>(TOptions options)
        where TOptions : MlpTrainerOptions => options with { Effort = Effort.Plain, HiddenLayers = [new(8)], NumberOfEpochs = 10, BatchSize = 16 };

    /// <summary>Rates from one that learns next to nothing to one that learns quickly.</summary>
    private static SearchSpace<TOptions> Rates<TOptions>(TOptions baseline)
        where TOptions : MlpTrainerOptions => new SearchSpace<TOptions>(baseline)
            .Number("rate", 1e-4f, 0.1f, SearchScale.Logarithmic, (o, x) => o with { LearningRate = Schedule.Cosine(x) });

    private static string Bits(SearchTrial trial) => $"{trial} {string.Join(' ', trial.Folds.Select(fold => BitConverter.DoubleToInt64Bits(fold.Value)))}"
        .Replace(FormattableString.Invariant($"{trial.Elapsed.TotalSeconds:F1} s"), "", StringComparison.Ordinal);

    private sealed class Point(float x, bool label)
    {
        [VectorType(1)]
        public float[] Features => [x];

        public bool Label => label;
    }
}
