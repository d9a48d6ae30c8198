namespace Microsoft.ML.Data;

/// <summary>How well two classes are told apart by a score. Positive is what scores above zero.</summary>
public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(IReadOnlyList<ScoredRow> rows)
    {
        double Count(bool positive, bool predicted) => rows.Count(r => r.Label > 0 == positive && r.Score > 0 == predicted);
        double[][] counts = [[Count(true, true), Count(true, false)], [Count(false, true), Count(false, false)]];
        double positives = counts[0].Sum();
        double negatives = counts[1].Sum();
        Check.Param(positives > 0, "PosSample", "The area under the ROC curve is not defined when there is no positive class in the data");
        Check.Param(negatives > 0, "NegSample", "The area under the ROC curve is not defined when there is no negative class in the data");
        ConfusionMatrix = new ConfusionMatrix(counts, ["positive", "negative"]);
        Accuracy = (counts[0][0] + counts[1][1]) / rows.Count;
        double sum = PositivePrecision + PositiveRecall;
        F1Score = sum == 0 ? 0 : 2 * PositivePrecision * PositiveRecall / sum;
        // The sort is stable: rows of equal score stay in the order of the data.
        ScoredRow[] sorted = [.. rows.OrderByDescending(r => r.Score)];
        AreaUnderRocCurve = RocArea(sorted) / (positives * negatives);
        AreaUnderPrecisionRecallCurve = PrecisionRecallArea(sorted) / positives;
    }

    public double AreaUnderRocCurve { get; }
    public double Accuracy { get; }
    public double PositivePrecision => ConfusionMatrix.PerClassPrecision[0];
    public double PositiveRecall => ConfusionMatrix.PerClassRecall[0];
    public double NegativePrecision => ConfusionMatrix.PerClassPrecision[1];
    public double NegativeRecall => ConfusionMatrix.PerClassRecall[1];
    public double F1Score { get; }
    public double AreaUnderPrecisionRecallCurve { get; }
    public ConfusionMatrix ConfusionMatrix { get; }

    /// <summary>The pairs of a positive and a negative row that the score puts in order; equal scores are half.</summary>
    private static double RocArea(ScoredRow[] sorted)
    {
        double area = 0;
        double above = 0;
        foreach (var same in sorted.GroupBy(r => r.Score))
        {
            double positives = same.Count(r => r.Label > 0);
            area += (same.Count() - positives) * (above + (positives / 2));
            above += positives;
        }

        return area;
    }

    /// <summary>Trapezoids of precision between the points at which a positive row is reached.</summary>
    private static double PrecisionRecallArea(ScoredRow[] sorted)
    {
        double area = 0;
        double precision = 1;
        double found = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double before = precision;
            found += sorted[i].Label > 0 ? 1 : 0;
            precision = found / (i + 1);
            area += sorted[i].Label > 0 ? (before + precision) / 2 : 0;
        }

        return area;
    }
}

/// <summary>The same, and how good the probabilities are; logarithms to base 2.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(IReadOnlyList<ScoredRow> rows) : base(rows)
    {
        // One row without a probability makes the loss NaN; the prior counts only the rows that have one.
        LogLoss = rows.Sum(r => -Math.Log2(r.Label > 0 ? r.Probability : 1.0 - r.Probability)) / rows.Count;
        Entropy = EntropyOf(rows.Average(r => r.Label > 0 ? 1.0 : 0));
        double prior = EntropyOf(rows.Where(r => !float.IsNaN(r.Probability)).Select(r => r.Label > 0 ? 1.0 : 0).DefaultIfEmpty().Average());
        LogLossReduction = (prior - LogLoss) / prior;
    }

    public double LogLoss { get; }
    public double LogLossReduction { get; }
    public double Entropy { get; }
    private static double EntropyOf(double p) => p is <= 0 or >= 1 ? 0 : -(p * Math.Log2(p)) - ((1 - p) * Math.Log2(1 - p));
}
