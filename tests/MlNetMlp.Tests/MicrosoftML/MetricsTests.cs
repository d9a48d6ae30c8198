using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>The metrics, against values worked out by hand.</summary>
public sealed class MetricsTests
{
    private const int Digits = 5;
    private readonly MLContext _ml = new(seed: 1);

    // By falling score the labels read + - + - + - -, so three rows score above zero: two positive ones and a negative one.
    private static readonly BinaryRow[] _binary =
    [
        new(true, 2, 0.9f), new(false, 1, 0.7f), new(true, 0.5f, 0.6f), new(false, -0.5f, 0.4f),
        new(true, -1, 0.3f), new(false, -2, 0.1f), new(false, -3, 0.05f),
    ];

    [Fact]
    public void Binary_CountsOfAKnownCase_GiveTheirRatios()
    {
        var metrics = _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(_binary));
        Assert.Equal(5.0 / 7, metrics.Accuracy, Digits);
        Assert.Equal(2.0 / 3, metrics.PositivePrecision, Digits);
        Assert.Equal(2.0 / 3, metrics.PositiveRecall, Digits);
        Assert.Equal(3.0 / 4, metrics.NegativePrecision, Digits);
        Assert.Equal(3.0 / 4, metrics.NegativeRecall, Digits);
        Assert.Equal(2.0 / 3, metrics.F1Score, Digits);
        Assert.Equal([[2.0, 1], [1, 3]], metrics.ConfusionMatrix.Counts);
        Assert.Equal(1, metrics.ConfusionMatrix.GetCountForClassPair(0, 1));
    }

    [Fact]
    public void Binary_Curves_OfAKnownCase()
    {
        var metrics = _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(_binary));
        // The positives stand above 4, 3 and 2 of the four negatives.
        Assert.Equal(9.0 / 12, metrics.AreaUnderRocCurve, Digits);
        // Precision before and at each positive: 1, 1; 1/2, 2/3; 1/2, 3/5; each step has a third of the recall.
        Assert.Equal(((2.0 / 2) + ((0.5 + (2.0 / 3)) / 2) + ((0.5 + 0.6) / 2)) / 3, metrics.AreaUnderPrecisionRecallCurve, Digits);
    }

    [Fact]
    public void Binary_LogLoss_IsToBaseTwo()
    {
        var metrics = _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(_binary));
        // -log2 of 0.9, 0.3, 0.6, 0.6, 0.3, 0.9 and 0.95, the probabilities of the true classes: 5.325869 / 7.
        Assert.Equal(0.760838, metrics.LogLoss, Digits);
        // The entropy of 3 in 7 is 0.985228 bits.
        Assert.Equal(0.985228, metrics.Entropy, Digits);
        Assert.Equal((0.985228 - 0.760838) / 0.985228, metrics.LogLossReduction, Digits);
    }

    [Fact]
    public void Binary_EqualScores_AreHalfInOrder()
    {
        BinaryRow[] rows = [new(true, 1, 0.5f), new(false, 1, 0.5f), new(true, 1, 0.5f), new(false, 0, 0.5f)];
        // Two positives against a negative of the same score and one below: (0.5 + 1 + 0.5 + 1) / 4.
        Assert.Equal(0.75, _ml.BinaryClassification.EvaluateNonCalibrated(_ml.Data.LoadFromEnumerable(rows)).AreaUnderRocCurve, Digits);
    }

    [Fact]
    public void Binary_OneClassOnly_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(_binary.Where(r => r.Label))));

    [Fact]
    public void Binary_BrokenScores_AreLeftOut()
    {
        var rows = _binary.Append(new(true, float.NaN, 0.5f)).Append(new(false, float.PositiveInfinity, 0.5f));
        var metrics = _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(5.0 / 7, metrics.Accuracy, Digits);
    }

    [Fact]
    public void Multiclass_OfAKnownCase_GivesItsMetrics()
    {
        MulticlassRow[] rows =
        [
            new(0, [0.7f, 0.2f, 0.1f]), new(0, [0.3f, 0.6f, 0.1f]), new(1, [0.1f, 0.8f, 0.1f]),
            new(2, [0.5f, 0.3f, 0.2f]), new(0, [0.6f, 0.2f, 0.2f]), new(3, [0.6f, 0.2f, 0.2f]),
        ];
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows), topKPredictionCount: 3);
        // The last row's key is out of range, so it has no label. Right are two of three, one of one, none of one.
        Assert.Equal(3.0 / 5, metrics.MicroAccuracy, Digits);
        Assert.Equal((2.0 / 3 + 1 + 0) / 3, metrics.MacroAccuracy, Digits);
        // -ln of 0.7, 0.3, 0.8, 0.2, 0.6: 0.356675 + 1.203973 + 0.223144 + 1.609438 + 0.510826 = 3.904056.
        Assert.Equal(3.904056 / 5, metrics.LogLoss, Digits);
        // The entropy of 3, 1, 1 in 5 is 0.950271.
        Assert.Equal((0.950271 - (3.904056 / 5)) / 0.950271, metrics.LogLossReduction, Digits);
        Assert.Equal((0.356675 + 1.203973 + 0.510826) / 3, metrics.PerClassLogLoss[0], Digits);
        Assert.Equal(0.223144, metrics.PerClassLogLoss[1], Digits);
        Assert.Equal(1.609438, metrics.PerClassLogLoss[2], Digits);
        Assert.Equal([0.6, 0.8, 1.0], metrics.TopKAccuracyForAllK.Select(a => Math.Round(a, Digits)));
        Assert.Equal(1.0, metrics.TopKAccuracy, Digits);
        Assert.Equal([[2.0, 1, 0], [0, 1, 0], [1, 0, 0]], metrics.ConfusionMatrix.Counts);
        Assert.Equal([2.0 / 3, 0.5, 0], metrics.ConfusionMatrix.PerClassPrecision);
        Assert.Equal([2.0 / 3, 1, 0], metrics.ConfusionMatrix.PerClassRecall);
        Assert.Contains("PREDICTED", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Multiclass_TextLabel_Throws()
    {
        var data = _ml.Transforms.CopyColumns("Label", "Name").Fit(Named()).Transform(Named());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(data));
        IDataView Named() => _ml.Data.LoadFromEnumerable([new NamedRow { Name = "x", Score = [0.5f, 0.5f, 0] }]);
    }

    [Fact]
    public void Regression_OfAKnownCase_GivesItsMetrics()
    {
        RegressionRow[] rows = [new(1, 1.5f), new(2, 2), new(3, 2), new(4, 5), new(float.NaN, 3)];
        var metrics = _ml.Regression.Evaluate(_ml.Data.LoadFromEnumerable(rows));
        // Errors 0.5, 0, 1, 1; the labels' squared distances from their mean 2.5 sum to 5.
        Assert.Equal(0.625, metrics.MeanAbsoluteError, Digits);
        Assert.Equal(0.5625, metrics.MeanSquaredError, Digits);
        Assert.Equal(0.75, metrics.RootMeanSquaredError, Digits);
        Assert.Equal(0.5625, metrics.LossFunction, Digits);
        Assert.Equal(1 - (2.25 / 5), metrics.RSquared, Digits);
    }

    [Fact]
    public void Evaluate_MissingColumn_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Regression.Evaluate(_ml.Data.LoadFromEnumerable([new RegressionRow(1, 1)]), scoreColumnName: "Absent"));

    [Fact]
    public void CrossValidate_CopiedScores_EvaluatesEachFold()
    {
        var rows = Enumerable.Range(0, 200).Select(i => new RegressionRow(i, i + (i % 2)));
        var estimator = _ml.Transforms.CopyColumns("Score", "Score");
        var folds = _ml.Regression.CrossValidate(_ml.Data.LoadFromEnumerable(rows), estimator, numberOfFolds: 4);
        Assert.Equal([0, 1, 2, 3], folds.Select(f => f.Fold));
        int tested = 0;
        foreach (var fold in folds)
        {
            float[] errors = [.. fold.ScoredHoldOutSet.GetColumn<float>("Label").Zip(fold.ScoredHoldOutSet.GetColumn<float>("Score"), (y, s) => s - y)];
            tested += errors.Length;
            Assert.Equal(errors.Average(), fold.Metrics.MeanAbsoluteError, Digits);
            Assert.NotNull(fold.Model);
        }

        Assert.Equal(200, tested);
    }

    [Fact]
    public void CrossValidate_Classifiers_GiveTheirMetrics()
    {
        var many = Enumerable.Range(0, 40).SelectMany(_ => _binary);
        var binary = _ml.BinaryClassification.CrossValidate(
            _ml.Data.LoadFromEnumerable(many), _ml.Transforms.CopyColumns("Score", "Score"), numberOfFolds: 3, seed: 1);
        Assert.Equal(3, binary.Count);
        Assert.All(binary, fold => Assert.InRange(fold.Metrics.Accuracy, 0.5, 0.9));
        var classes = Enumerable.Range(0, 90).Select(i => new MulticlassRow((uint)(i % 3), i % 3 == 0 ? [1, 0, 0] : [0, 0.5f, 0.5f]));
        var multiclass = _ml.MulticlassClassification.CrossValidate(
            _ml.Data.LoadFromEnumerable(classes), _ml.Transforms.CopyColumns("Score", "Score"), numberOfFolds: 2);
        Assert.Equal(2, multiclass.Count);
    }

    private sealed class BinaryRow(bool label, float score, float probability)
    {
        public bool Label { get; set; } = label;

        public float Score { get; set; } = score;

        public float Probability { get; set; } = probability;

        public bool PredictedLabel { get; set; } = score > 0;
    }

    private sealed class MulticlassRow(uint label, float[] score)
    {
        [KeyType(3)]
        public uint Label { get; set; } = label;

        [VectorType(3)]
        public float[] Score { get; set; } = score;

        [KeyType(3)]
        public uint PredictedLabel { get; set; } = (uint)Array.IndexOf(score, score.Max());
    }

    private sealed class NamedRow
    {
        public string Name { get; set; } = "";

        public string PredictedLabel { get; set; } = "";

        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }

    private sealed class RegressionRow(float label, float score)
    {
        public float Label { get; set; } = label;

        public float Score { get; set; } = score;
    }
}
