using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Half the squared distance between the C outputs and the true class: <c>1/2 sum_j (z_j - onehot(y)_j)^2</c>. The scores are the outputs. Without hidden
/// layers it is the linear least-squares classifier.
/// </summary>
/// <remarks>
/// Targets: one column, the index of the class, 0 to C - 1. Gradient: <c>z - onehot(y)</c>. Scores estimate the probabilities of the classes, but may be
/// negative or above 1: the greatest one wins, and metrics that need probabilities mean little. Metric: the accuracy, ties won by the lowest index.
/// (Widrow and Hoff, Adaptive Switching Circuits, 1960.)
/// </remarks>
public sealed record MulticlassSquaredError : MulticlassLoss
{
    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i);
            Span<float> g = gradient.Row(i);
            int y = (int)targets.Values[i];
            sum += weights[i] * RowLoss(z, y);
            for (int j = 0; j < g.Length; j++)
            {
                g[j] = scale * weights[i] * (z[j] - (j == y ? 1 : 0));
            }
        }

        return sum;
    }

    internal override bool StartsAtBestConstant => true;

    /// <summary>The shares of the classes.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] shares = Shares(targets, weights, outputs.Length);
        for (int j = 0; j < shares.Length; j++)
        {
            outputs[j] = (float)shares[j];
        }
    }

    internal override void ToScores(Span<float> row)
    {
    }

    private protected override double RowLoss(ReadOnlySpan<float> z, int y)
    {
        double sum = 0;
        for (int j = 0; j < z.Length; j++)
        {
            double distance = (double)z[j] - (j == y ? 1 : 0);
            sum += distance * distance;
        }

        return sum / 2;
    }
}
