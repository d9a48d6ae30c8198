using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Half the squared distance between the probabilities of a softmax over C classes and the true class: <c>1/2 sum_j (p_j - onehot(y)_j)^2</c>, half the Brier
/// score. Scores are the probabilities <c>p_j = exp(z_j) / sum_k exp(z_k)</c>.
/// </summary>
/// <remarks>
/// Targets: one column, the index of the class, 0 to C - 1. Gradient: <c>p_j (e_j - sum_k p_k e_k)</c> with <c>e = p - onehot(y)</c>, which vanishes where the
/// network is sure, right or wrong: <see cref="SoftmaxCrossEntropy"/> learns faster, this one cares less about labels that are wrong. Metric: the accuracy,
/// ties won by the lowest index. (Brier, Verification of Forecasts Expressed in Terms of Probability, 1950.)
/// </remarks>
public sealed record SoftmaxSquaredError : MulticlassLoss
{
    internal override bool GivesProbabilities => true;

    internal override bool HasSoftmax => true;

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            Span<float> g = gradient.Row(i);
            logits.Row(i).CopyTo(g);
            RowOps.SoftmaxInPlace(g);
            int y = (int)targets.Values[i];
            double mean = 0;
            for (int j = 0; j < g.Length; j++)
            {
                mean += g[j] * Distance(g, j, y);
            }

            sum += weights[i] * Half(g, y);
            float factor = scale * weights[i], ofTheClass = g[y];
            for (int j = 0; j < g.Length; j++)
            {
                double distance = j == y ? ofTheClass - 1.0 : g[j];
                g[j] = factor * (float)(g[j] * (distance - mean));
            }
        }

        return sum;
    }

    internal override bool StartsAtBestConstant => true;

    /// <summary>The logarithms of the shares of the classes.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        WeightedMean.WriteLogarithms(Shares(targets, weights, outputs.Length), targets.Rows, outputs);

    internal override void ToScores(Span<float> row) => RowOps.SoftmaxInPlace(row);

    internal override void ToLogits(Span<float> scores) => RowOps.LogInPlace(scores);

    internal override void AverageLogits(MatrixSpan logits, Span<float> average) => RowOps.LogMeanSoftmax(logits, average);

    private protected override double RowLoss(ReadOnlySpan<float> z, int y)
    {
        double logSum = RowOps.LogSumExp(z), sum = 0;
        for (int j = 0; j < z.Length; j++)
        {
            double distance = Math.Exp(z[j] - logSum) - (j == y ? 1 : 0);
            sum += distance * distance;
        }

        return sum / 2;
    }

    private static double Half(ReadOnlySpan<float> p, int y)
    {
        double sum = 0;
        for (int j = 0; j < p.Length; j++)
        {
            sum += Distance(p, j, y) * Distance(p, j, y);
        }

        return sum / 2;
    }

    private static double Distance(ReadOnlySpan<float> p, int j, int y) => j == y ? p[j] - 1.0 : p[j];
}
