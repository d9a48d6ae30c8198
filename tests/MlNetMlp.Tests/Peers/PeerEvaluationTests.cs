using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Peers;

/// <summary>ML.NET's evaluators make of our columns what they make of those of its own trainers: the metrics that the columns have, computed by hand.</summary>
[Trait("Needs", "x64")]
public sealed class PeerEvaluationTests
{
    private const double Tolerance = 1e-6;

    private readonly MLContext _context = new(1);

    public static TheoryData<string> Binary => Names("binary");

    public static TheoryData<string> Multiclass => Names("multiclass");

    public static TheoryData<string> Regression => Names("regression");

    [Theory]
    [MemberData(nameof(Binary))]
    public void Binary_Metrics_AreThoseOfTheColumns(string name)
    {
        IDataView scored = PeerPipeline.Of("binary", name).Scored(_context);
        bool[] labels = [.. scored.GetColumn<bool>("Label")], predicted = [.. scored.GetColumn<bool>("PredictedLabel")];
        float[] scores = [.. scored.GetColumn<float>("Score")];

        BinaryClassificationMetrics metrics = _context.BinaryClassification.EvaluateNonCalibrated(scored);

        Assert.Equal(scores.Select(score => score > 0), predicted);
        Assert.Equal(labels.Zip(predicted).Average(pair => pair.First == pair.Second ? 1.0 : 0), metrics.Accuracy, Tolerance);
        double truePositives = labels.Zip(predicted).Count(pair => pair is (true, true));
        Assert.Equal(truePositives / predicted.Count(x => x), metrics.PositivePrecision, Tolerance);
        Assert.Equal(truePositives / labels.Count(x => x), metrics.PositiveRecall, Tolerance);
        Assert.Equal(truePositives, metrics.ConfusionMatrix.Counts[0][0]);
        Assert.Equal(AreaUnderCurve(labels, scores), metrics.AreaUnderRocCurve, 1e-4);
        Assert.InRange(metrics.Accuracy, 0.9, 1);
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Binary_LogLoss_IsThatOfTheProbabilities(string name)
    {
        IDataView scored = PeerPipeline.Of("binary", name).Scored(_context);
        if (scored.Schema.GetColumnOrNull("Probability") is null)
        {
            // A perceptron of ML.NET has none, and is refused; what a network with a loss of margins has is a column all the same.
            Assert.Equal("AveragedPerceptron", name);
            var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => _context.BinaryClassification.Evaluate(scored));
            Assert.Contains("Probability", refusal.Message, StringComparison.Ordinal);
            return;
        }

        CalibratedBinaryClassificationMetrics metrics = _context.BinaryClassification.Evaluate(scored);

        double expected = scored.GetColumn<bool>("Label").Zip(scored.GetColumn<float>("Probability"))
            .Average(pair => -Math.Log2(pair.First ? pair.Second : 1 - (double)pair.Second));
        Assert.Equal(expected, metrics.LogLoss, 1e-5);
        Assert.True(metrics.LogLoss < 0.5 * metrics.Entropy, $"{metrics.LogLoss} of {metrics.Entropy}");
    }

    [Theory]
    [MemberData(nameof(Multiclass))]
    public void Multiclass_Metrics_AreThoseOfTheColumns(string name)
    {
        IDataView scored = PeerPipeline.Of("multiclass", name).Scored(_context);
        uint[] labels = [.. scored.GetColumn<uint>("Label")], predicted = [.. scored.GetColumn<uint>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        string[] classes = SchemaAssert.Texts(scored.Schema["Label"], "KeyValues");
        uint[] keys = [.. Enumerable.Range(1, classes.Length).Select(key => (uint)key)];

        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(scored, topKPredictionCount: 2);

        Assert.Equal(scores.Select(row => (uint)Array.IndexOf(row, row.Max()) + 1), predicted);
        Assert.All(scores, row => Assert.Equal(1, row.Sum(), 1e-5f));
        Assert.Equal(labels.Zip(predicted).Average(pair => pair.First == pair.Second ? 1.0 : 0), metrics.MicroAccuracy, Tolerance);
        Assert.Equal(
            keys.Average(key => labels.Zip(predicted).Where(pair => pair.First == key).Average(pair => pair.Second == key ? 1.0 : 0)),
            metrics.MacroAccuracy, Tolerance);
        Assert.Equal(labels.Zip(scores).Average(pair => -Math.Log(pair.Second[pair.First - 1])), metrics.LogLoss, 1e-5);
        // Trees may give two classes the same score, which may then come in either order.
        Assert.InRange(
            metrics.TopKAccuracy,
            labels.Zip(scores).Average(pair => pair.Second.Count(score => score >= pair.Second[pair.First - 1]) <= 2 ? 1.0 : 0) - Tolerance,
            labels.Zip(scores).Average(pair => pair.Second.Count(score => score > pair.Second[pair.First - 1]) < 2 ? 1.0 : 0) + Tolerance);
        Assert.Equal(
            keys.Select(label => keys.Select(key => (double)labels.Zip(predicted).Count(pair => pair == (label, key)))),
            metrics.ConfusionMatrix.Counts);
        Assert.Contains(classes[1], metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
        Assert.InRange(metrics.MicroAccuracy, 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Regression))]
    public void Regression_Metrics_AreThoseOfTheColumn(string name)
    {
        IDataView scored = PeerPipeline.Of("regression", name).Scored(_context);
        (float Label, float Score)[] rows = [.. scored.GetColumn<float>("Label").Zip(scored.GetColumn<float>("Score"))];

        RegressionMetrics metrics = _context.Regression.Evaluate(scored);

        double squared = rows.Average(row => Math.Pow(row.Label - (double)row.Score, 2)), mean = rows.Average(row => (double)row.Label);
        Assert.Equal(rows.Average(row => Math.Abs(row.Label - (double)row.Score)), metrics.MeanAbsoluteError, 1e-4);
        Assert.Equal(squared, metrics.MeanSquaredError, 1e-4 * squared);
        Assert.Equal(1 - squared / rows.Average(row => Math.Pow(row.Label - mean, 2)), metrics.RSquared, 1e-5);
        Assert.InRange(metrics.RSquared, 0.9, 1);
    }

    /// <summary>A label that the key does not know is missing: no evaluator counts the row, and every trainer scores it.</summary>
    [Theory]
    [MemberData(nameof(Multiclass))]
    public void Multiclass_RowsOfAnUnknownClass_AreScoredButNotCounted(string name)
    {
        MixedRow[] rows = [.. MixedRow.Many(60, seed: 3)];
        foreach (MixedRow row in rows.Take(20))
        {
            row.Kind = "unheard of";
        }

        ITransformer model = PeerPipeline.Of("multiclass", name).Model;
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(rows)), known = model.Transform(_context.Data.LoadFromEnumerable(rows.Skip(20)));

        MulticlassClassificationMetrics all = _context.MulticlassClassification.Evaluate(scored), some = _context.MulticlassClassification.Evaluate(known);

        Assert.Equal(60, scored.GetColumn<float[]>("Score").Count());
        Assert.Equal(40, all.ConfusionMatrix.Counts.Sum(row => row.Sum()));
        Assert.Equal((some.MicroAccuracy, some.MacroAccuracy, some.LogLoss), (all.MicroAccuracy, all.MacroAccuracy, all.LogLoss));
    }

    /// <summary>The folds are ML.NET's own; metrics and models of each belong to the rows that it held out.</summary>
    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void CrossValidate_Folds_AreTheSameForEveryTrainer(string task, string name)
    {
        IEstimator<ITransformer> pipeline = PeerPipeline.Of(task, name).Create(_context);
        IDataView data = _context.Data.LoadFromEnumerable(PeerPipeline.TrainingRows);

        (double Metric, double Again, IDataView HeldOut)[] folds = task switch
        {
            "binary" => [.. _context.BinaryClassification.CrossValidateNonCalibrated(data, pipeline, numberOfFolds: 2, seed: 4).Select(fold =>
                (fold.Metrics.Accuracy, _context.BinaryClassification.EvaluateNonCalibrated(Transform(fold)).Accuracy, fold.ScoredHoldOutSet))],
            "multiclass" => [.. _context.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 2, seed: 4).Select(fold =>
                (fold.Metrics.MicroAccuracy, _context.MulticlassClassification.Evaluate(Transform(fold)).MicroAccuracy, fold.ScoredHoldOutSet))],
            _ => [.. _context.Regression.CrossValidate(data, pipeline, numberOfFolds: 2, seed: 4).Select(fold =>
                (fold.Metrics.RSquared, _context.Regression.Evaluate(Transform(fold)).RSquared, fold.ScoredHoldOutSet))],
        };

        float[][] expected = [.. _context.Data.CrossValidationSplit(data, 2, seed: 4).Select(fold => fold.TestSet.GetColumn<float>("Number").ToArray())];
        Assert.Equal(expected, folds.Select(fold => fold.HeldOut.GetColumn<float>("Number").ToArray()));
        Assert.All(folds, fold => Assert.Equal(fold.Metric, fold.Again));
        Assert.All(folds, fold => Assert.InRange(fold.Metric, 0.75, 1));

        static IDataView Transform<T>(TrainCatalogBase.CrossValidationResult<T> fold)
            where T : class => fold.Model.Transform(new MLContext(1).Data.LoadFromEnumerable(
                PeerPipeline.TrainingRows.IntersectBy(fold.ScoredHoldOutSet.GetColumn<float>("Number"), row => row.Number)));
    }

    /// <summary>The share of pairs of a positive and a negative row in which the positive one has the higher score; half of a tie.</summary>
    private static double AreaUnderCurve(bool[] labels, float[] scores)
    {
        float[] positive = [.. scores.Where((_, row) => labels[row])], negative = [.. scores.Where((_, row) => !labels[row])];
        return positive.Average(x => negative.Average(y => x > y ? 1 : x == y ? 0.5 : 0));
    }

    private static TheoryData<string> Names(string task) => ["Mlp", .. PeerTrainer.OfTask(task).Select(peer => peer.Name)];
}
