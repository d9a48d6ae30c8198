namespace Microsoft.ML.Data;

/// <summary>How well many classes are told apart; natural logarithms. The predicted class is the one of the highest score.</summary>
public sealed class MulticlassClassificationMetrics
{
    private const float Smallest = 1e-15f;

    internal MulticlassClassificationMetrics(IReadOnlyList<ScoredRow> rows, string[] names, int topKPredictionCount)
    {
        int classes = names.Length;
        double[][] counts = [.. names.Select(_ => new double[classes])];
        double[] losses = new double[classes];
        double[] ranks = new double[classes + 1];
        double loss = 0;
        foreach (var row in rows)
        {
            // A class that was never trained is known to no score: its row counts as wrong, with the highest loss.
            int truth = (int)row.Label;
            float own = truth < classes ? row.Scores[truth] : 0;
            double rowLoss = -Math.Log(truth < classes ? Math.Clamp(own, Smallest, 1) : Smallest);
            loss += rowLoss;
            ranks[Enumerable.Range(0, classes).Count(i => row.Scores[i] > own || (row.Scores[i] == own && i < truth))]++;
            if (truth < classes)
            {
                losses[truth] += rowLoss;
                counts[truth][Array.IndexOf(row.Scores, row.Scores.Max())]++;
            }
        }

        double[] sizes = [.. counts.Select(row => row.Sum())];
        double entropy = -sizes.Where(n => n > 0).Sum(n => n * Math.Log(n / rows.Count)) / rows.Count;
        ConfusionMatrix = new ConfusionMatrix(counts, names);
        MicroAccuracy = rows.Count > 0 ? ranks[0] / rows.Count : 0;
        MacroAccuracy = ConfusionMatrix.PerClassRecall.Where((_, i) => sizes[i] > 0).DefaultIfEmpty().Average();
        LogLoss = rows.Count > 0 ? loss / rows.Count : 0;
        LogLossReduction = (entropy - LogLoss) / entropy;
        PerClassLogLoss = [.. losses.Select((sum, i) => sizes[i] > 0 ? sum / sizes[i] : 0)];
        TopKPredictionCount = topKPredictionCount;
        double within = 0;
        if (topKPredictionCount > 0)
            TopKAccuracyForAllK = [.. ranks.Take(topKPredictionCount).Select(n => within += n / rows.Count)];
    }

    public double LogLoss { get; }
    public double LogLossReduction { get; }
    public double MacroAccuracy { get; }
    public double MicroAccuracy { get; }
    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } all ? all[^1] : 0;
    public int TopKPredictionCount { get; }
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }
    public IReadOnlyList<double> PerClassLogLoss { get; }
    public ConfusionMatrix ConfusionMatrix { get; }
}

/// <summary>How far predicted numbers are from true ones.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(IReadOnlyList<ScoredRow> rows)
    {
        if (rows.Count == 0)
            return;
        MeanAbsoluteError = rows.Average(r => Math.Abs((double)r.Label - r.Score));
        MeanSquaredError = rows.Average(r => ((double)r.Label - r.Score) * ((double)r.Label - r.Score));
        RootMeanSquaredError = Math.Sqrt(MeanSquaredError);
        LossFunction = rows.Average(r => (double)((r.Score - r.Label) * (r.Score - r.Label)));
        // Squares are taken in single precision and summed in double, as in ML.NET; NaN for labels without variance.
        double sum = rows.Sum(r => (double)r.Label);
        double variance = rows.Sum(r => (double)(r.Label * r.Label)) - (sum * sum / rows.Count);
        RSquared = variance == 0 ? double.NaN : 1 - (MeanSquaredError * rows.Count / variance);
    }

    public double MeanAbsoluteError { get; }
    public double MeanSquaredError { get; }
    public double RootMeanSquaredError { get; }
    public double LossFunction { get; }
    public double RSquared { get; }
}
