using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// How far the softmax of the K outputs is from a target distribution t: <c>sum_k t_k log(t_k / p_k)</c> with
/// <c>p_k = exp(z_k) / sum_j exp(z_j)</c> and <c>0 log 0 = 0</c>. Scores are the probabilities p.
/// </summary>
/// <remarks>
/// Targets: K columns, at least 0, with the sum 1 (up to 0.001, for rounded shares); never standardized. Gradient:
/// <c>(sum t) p - t</c>. For a target that is 1 in one column and 0 elsewhere this is <see cref="SoftmaxCrossEntropy"/> (Kullback and Leibler, On
/// Information and Sufficiency, 1951). Metric: the divergence itself, 0 at best.
/// </remarks>
public sealed record KullbackLeiblerDivergence : RegressionLoss
{
    private const double SumTolerance = 1e-3;

    /// <inheritdoc/>
    public override string MetricName => nameof(KullbackLeiblerDivergence);

    internal override void CheckOutputCount(int outputCount)
    {
        if (outputCount < 2)
        {
            throw new ArgumentException($"{this} needs at least 2 outputs, one for each share of a distribution, but the network has {outputCount}.");
        }
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        double sum = 0;
        for (int k = 0; k < targets.Length; k++)
        {
            sum += targets[k] >= 0
                ? targets[k]
                : throw new ArgumentException(FormattableString.Invariant(
                    $"Row {row} (from 0): target {k} is {targets[k]}; {this} allows shares of at least 0."));
        }

        if (!(Math.Abs(sum - 1) <= SumTolerance))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Row {row} (from 0): the targets have the sum {sum}; {this} needs shares of a distribution, whose sum is 1."));
        }
    }

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> t = targets.Row(i);
            Span<float> g = gradient.Row(i);
            sum += weights[i] * RowLoss(logits.Row(i), t);
            logits.Row(i).CopyTo(g);
            RowOps.SoftmaxInPlace(g);
            TensorPrimitives.Multiply(g, TensorPrimitives.Sum(t), g);
            TensorPrimitives.Subtract(g, t, g);
            TensorPrimitives.Multiply(g, scale * weights[i], g);
        }

        return sum;
    }

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * RowLoss(logits.Row(i), targets.Row(i));
        }

        return sum;
    }

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits) =>
        LossSum(logits, targets, weights);

    internal override bool StartsAtBestConstant => true;

    /// <summary>The logarithms of the mean shares.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        WeightedMean.WriteLogarithms(WeightedMean.Of(targets, weights), targets.Rows, outputs);

    internal override void ToScores(Span<float> row) => RowOps.SoftmaxInPlace(row);

    internal override void ToLogits(Span<float> scores) => RowOps.LogInPlace(scores);

    internal override void AverageLogits(MatrixSpan logits, Span<float> average) => RowOps.LogMeanSoftmax(logits, average);

    /// <summary>With <c>log p_k = z_k - log(sum_j exp(z_j))</c>: a probability that rounds to 0 has a finite logarithm.</summary>
    private static double RowLoss(ReadOnlySpan<float> z, ReadOnlySpan<float> t)
    {
        double logSum = RowOps.LogSumExp(z), sum = 0;
        for (int k = 0; k < z.Length; k++)
        {
            sum += t[k] > 0 ? t[k] * (Math.Log(t[k]) + logSum - z[k]) : 0;
        }

        return sum;
    }
}
