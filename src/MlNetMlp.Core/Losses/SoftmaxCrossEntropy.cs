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
/// Outputs, 1990). Measure: the accuracy, ties won by the lowest index.
/// </remarks>
public sealed record SoftmaxCrossEntropy : Loss
{
    /// <inheritdoc/>
    public override string MetricName => "Accuracy";

    internal override bool TargetsAreValues => false;

    internal override int TargetCount(int outputCount) => 1;

    internal override void CheckOutputCount(int outputCount)
    {
        if (outputCount < 2)
        {
            throw new ArgumentException($"{nameof(SoftmaxCrossEntropy)} needs at least 2 outputs, one for each class, but the network has {outputCount}.");
        }
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        float target = targets[0];
        if (!(target >= 0 && target < outputCount && target == MathF.Truncate(target)))
        {
            throw new ArgumentException($"Row {row}: the target is {target}; {nameof(SoftmaxCrossEntropy)} allows the class indices 0 to {outputCount - 1}.");
        }
    }

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            Span<float> g = gradient.Row(i);
            logits.Row(i).CopyTo(g);
            int y = (int)targets.Values[i];
            float logit = g[y];
            sum += weights[i] * (RowOps.SoftmaxInPlace(g) - logit);
            g[y] -= 1;
            TensorPrimitives.Multiply(g, scale * weights[i], g);
        }

        return sum;
    }

    internal override (double Loss, double Metric) Evaluate(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double loss = 0, correct = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> row = logits.Row(i);
            int y = (int)targets.Values[i];
            loss += weights[i] * (RowOps.LogSumExp(row) - row[y]);
            correct += TensorPrimitives.IndexOfMax(row) == y ? weights[i] : 0;
        }

        return (loss, correct);
    }

    internal override void ToScores(Span<float> row) => RowOps.SoftmaxInPlace(row);
}
