using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>Metrics for a search for a binary classifier.</summary>
public static class BinaryMetric
{
    /// <summary>The mean of <c>-log2 p</c> over the probabilities <c>p</c> of the true classes, in bits; for <see cref="SigmoidCrossEntropy"/> only.</summary>
    public static SearchMetric<CalibratedBinaryClassificationMetrics> LogLoss { get; } =
        new("log-loss", SearchGoal.Minimize, metrics => metrics.LogLoss) { NeedsProbabilities = true };

    /// <summary>The fraction of the rows that get the right class.</summary>
    public static SearchMetric<CalibratedBinaryClassificationMetrics> Accuracy { get; } = new("accuracy", SearchGoal.Maximize, metrics => metrics.Accuracy);

    /// <summary>The probability that a positive row scores higher than a negative one.</summary>
    public static SearchMetric<CalibratedBinaryClassificationMetrics> AreaUnderRocCurve { get; } = new("AUC", SearchGoal.Maximize,
        metrics => metrics.AreaUnderRocCurve);

    /// <summary>The area under precision over recall: for positive rows that are rare.</summary>
    public static SearchMetric<CalibratedBinaryClassificationMetrics> AreaUnderPrecisionRecallCurve { get; } =
        new("AUPRC", SearchGoal.Maximize, metrics => metrics.AreaUnderPrecisionRecallCurve);

    /// <summary>The harmonic mean of precision and recall of the positive class.</summary>
    public static SearchMetric<CalibratedBinaryClassificationMetrics> F1Score { get; } = new("F1", SearchGoal.Maximize, metrics => metrics.F1Score);
}
