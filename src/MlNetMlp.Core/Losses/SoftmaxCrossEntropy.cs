using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Cross-entropy of a softmax over C classes: <c>-log p_y = log(sum_j exp(z_j)) - z_y</c>. Scores are the probabilities
/// <c>p_j = exp(z_j) / sum_k exp(z_k)</c>.
/// </summary>
/// <remarks>
/// Targets: one column, the index of the class, 0 to C - 1. Gradient: <c>p - onehot(y)</c>. The greatest logit is subtracted before
/// the exponential, so no finite input overflows (Bridle, Probabilistic Interpretation of Feedforward Classification Network
/// Outputs, 1990). Metric: the accuracy, ties won by the lowest index.
/// </remarks>
public sealed record SoftmaxCrossEntropy : MulticlassLoss
{
    /// <summary>
    /// The share e of the target, in [0, 1), that all classes have in equal parts: the target becomes <c>(1 - e) onehot(y) + e / C</c>,
    /// the loss <c>log(sum_j exp(z_j)) - (1 - e) z_y - e mean(z)</c>, of the training rows and of the validation rows. Default 0.
    /// </summary>
    /// <remarks>
    /// Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, Rethinking the Inception Architecture for Computer Vision, 2016. The loss of a
    /// perfect fit is the entropy of the smoothed target, not 0.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float LabelSmoothing
    {
        get;
        init => field = Require.InRangeBelow(value, 0f, 1f, nameof(LabelSmoothing));
    }

    internal override bool GivesProbabilities => true;

    internal override bool HasSoftmax => true;

    internal override Loss ForPerfectFit => this with { LabelSmoothing = 0, ClassWeights = null };

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i);
            Span<float> g = gradient.Row(i);
            z.CopyTo(g);
            int y = (int)targets.Values[i];
            sum += weights[i] * (RowOps.SoftmaxInPlace(g) - Target(z, y));
            g[y] -= 1 - LabelSmoothing;
            if (LabelSmoothing > 0)
            {
                TensorPrimitives.Subtract(g, LabelSmoothing / g.Length, g);
            }

            TensorPrimitives.Multiply(g, scale * weights[i], g);
        }

        return sum;
    }

    internal override bool StartsAtBestConstant => true;

    /// <summary>The logarithms of the (smoothed) shares of the classes.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] shares = Shares(targets, weights, outputs.Length);
        for (int c = 0; c < shares.Length; c++)
        {
            shares[c] = (1.0 - LabelSmoothing) * shares[c] + LabelSmoothing / (double)shares.Length;
        }

        WeightedMean.WriteLogarithms(shares, targets.Rows, outputs);
    }

    internal override void ToScores(Span<float> row) => RowOps.SoftmaxInPlace(row);

    internal override void ToLogits(Span<float> scores) => RowOps.LogInPlace(scores);

    internal override void AverageLogits(MatrixSpan logits, Span<float> average) => RowOps.LogMeanSoftmax(logits, average);

    private protected override double RowLoss(ReadOnlySpan<float> z, int y) => RowOps.LogSumExp(z) - Target(z, y);

    /// <summary>The mean of the outputs under the (smoothed) target.</summary>
    private double Target(ReadOnlySpan<float> z, int y)
    {
        if (LabelSmoothing == 0)
        {
            return z[y];
        }

        double sum = 0;
        foreach (float value in z)
        {
            sum += value;
        }

        return (1.0 - LabelSmoothing) * z[y] + LabelSmoothing * sum / z.Length;
    }
}
