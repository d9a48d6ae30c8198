using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Hinge loss of a binary task: <c>max(0, 1 - t z)</c> with t = 1 for the positive class and t = -1 for the negative one. The score is z.</summary>
/// <remarks>
/// Targets: one column, 0 or 1. Gradient: <c>-t</c> where <c>t z &lt; 1</c>, else 0. Without hidden layers and with an L2 penalty this is
/// the linear support vector machine (Cortes and Vapnik, Support-Vector Networks, 1995). The score is a margin, not a log-odds: a
/// sigmoid of it lies in (0, 1) and keeps the order of the rows, but is not a calibrated probability. Metric: the accuracy at the
/// threshold z = 0.
/// </remarks>
public sealed record BinaryHinge : BinaryLoss
{
    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            float z = logits.Values[i], y = targets.Values[i];
            sum += weights[i] * RowLoss(z, y);
            gradient.Values[i] = scale * weights[i] * (y > 0.5f ? (z < 1 ? -1f : 0f) : (z > -1 ? 1f : 0f));
        }

        return sum;
    }

    private protected override double RowLoss(double z, double y) => Math.Max(0, y > 0.5 ? 1 - z : 1 + z);
}
