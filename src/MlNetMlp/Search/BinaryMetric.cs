using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>Metrics for a search for a binary classifier.</summary>
public static class BinaryMetric
{
    /// <summary>The mean of <c>-log2 p</c> over the probabilities <c>p</c> of the true classes, in bits; for <see cref="SigmoidCrossEntropy"/> only.</summary>
    /// <remarks>Computed from the log-odds: a probability in single precision ends at 1 - 2^-24, and with it what a confident mistake costs.</remarks>
    public static SearchMetric<CalibratedBinaryClassificationMetrics> LogLoss { get; } =
        new("log-loss", SearchGoal.Minimize, metrics => metrics.LogLoss) { NeedsProbabilities = true, FromScores = LogLossOf };

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

    /// <summary>All of them, by which another process knows them, too.</summary>
    internal static IReadOnlyList<SearchMetric<CalibratedBinaryClassificationMetrics>> All { get; } =
        [LogLoss, Accuracy, AreaUnderRocCurve, AreaUnderPrecisionRecallCurve, F1Score];

    /// <summary>The mean of <c>log2(1 + exp(-t z))</c> over the log-odds z, with t = 1 for the positive class and -1 for the negative one.</summary>
    private static double LogLossOf(IDataView rows, string labelColumnName)
    {
        DataViewSchema.Column label = rows.Schema[labelColumnName], score = rows.Schema[ColumnNames.Score];
        using DataViewRowCursor cursor = rows.GetRowCursor([label, score]);
        ValueGetter<bool> readLabel = cursor.GetGetter<bool>(label);
        ValueGetter<float> readScore = cursor.GetGetter<float>(score);
        bool isPositive = false;
        float logOdds = 0;
        double sum = 0;
        long count = 0;
        for (; cursor.MoveNext(); count++)
        {
            readLabel(ref isPositive);
            readScore(ref logOdds);
            sum += SigmoidCrossEntropy.LossOf(logOdds, isPositive ? 1 : 0);
        }

        return sum / count / Math.Log(2);
    }
}
