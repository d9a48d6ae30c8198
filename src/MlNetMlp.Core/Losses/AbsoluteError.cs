using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The distances of the K outputs of a row from its K targets: <c>sum_k |z_k - y_k|</c>. The scores are the outputs.</summary>
/// <remarks>
/// Targets: K columns. Gradient: <c>sign(z - y)</c>, 0 where they are equal. The best constant is the median, so that a few outliers do
/// not matter (Huber, Robust Estimation of a Location Parameter, 1964). Metric: the mean absolute error over rows and outputs, in the
/// units in which the targets were given.
/// </remarks>
public sealed record AbsoluteError : DifferenceLoss
{
    /// <inheritdoc/>
    public override string MetricName => "MeanAbsoluteError";

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient) =>
        DifferenceSum.Gradient(new Formula(), logits, targets, weights, scale, gradient);

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights) =>
        DifferenceSum.Of(new Formula(), logits, targets, weights);

    /// <summary>The medians of the targets.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        DifferenceSum.BestConstant(new Formula(), targets, weights, outputs);

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits) =>
        DifferenceSum.OfDistances(logits, targets, weights, targetUnits);

    private readonly struct Formula : IDifferenceFormula
    {
        public double Loss(double difference) => Math.Abs(difference);

        /// <summary>The sign; 0 for NaN, which Math.Sign would throw for: the loss itself tells.</summary>
        public float Slope(double difference) => difference > 0 ? 1 : difference < 0 ? -1 : 0;
    }
}
