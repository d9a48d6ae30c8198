using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The perceptron's criterion for a binary task: <c>max(0, -t z)</c> with t = 1 for the positive class and t = -1 for the negative one. The
/// score is z.
/// </summary>
/// <remarks>
/// Targets: one column, 0 or 1. Gradient: <c>[z > 0] - y</c>, which is <c>-t</c> for a row on the wrong side and 0 for the others; an output
/// of exactly zero counts as the negative class. Without hidden layers, with one row in a mini-batch, plain descent at the rate alpha is
/// the rule <c>w += alpha (y - [z > 0]) x</c> (Rosenblatt, The Perceptron: A Probabilistic Model for Information Storage and
/// Organization in the Brain, 1958). The score is not a log-odds: a sigmoid of it keeps the order of the rows, but is not a calibrated
/// probability. Metric: the accuracy at the threshold z = 0.
/// </remarks>
public sealed record PerceptronLoss : BinaryLoss
{
    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            float z = logits.Values[i], y = targets.Values[i];
            sum += weights[i] * RowLoss(z, y);
            gradient.Values[i] = scale * weights[i] * ((z > 0 ? 1f : 0f) - y);
        }

        return sum;
    }

    /// <summary>0, which this loss cannot tell from any other sure answer.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) => outputs.Clear();

    private protected override double RowLoss(double z, double y) => Math.Max(0, y > 0.5 ? -z : z);
}
