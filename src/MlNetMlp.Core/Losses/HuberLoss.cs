using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Squared error near the target, absolute error far from it: per output, with <c>r = z - y</c>, <c>r^2 / 2</c> for <c>|r| &lt;= Delta</c>, else
/// <c>Delta (|r| - Delta / 2)</c>, summed over the K outputs. The scores are the outputs.
/// </summary>
/// <remarks>
/// Targets: K columns. Gradient: r, limited to [-Delta, Delta] (Huber, Robust Estimation of a Location Parameter, 1964). Metric: the root
/// of the mean squared error over rows and outputs, in the units in which the targets were given.
/// </remarks>
public sealed record HuberLoss : DifferenceLoss
{
    /// <summary>
    /// Where the parabola becomes a line, finite and greater than 0; in the units in which the network sees the targets, which are
    /// standard deviations if they are standardized. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Delta
    {
        get;
        init => field = Require.Positive(value, nameof(Delta));
    } = 1;

    /// <inheritdoc/>
    public override string MetricName => "RootMeanSquaredError";

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient) =>
        DifferenceSum.Gradient(new Formula(Delta), logits, targets, weights, scale, gradient);

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights) =>
        DifferenceSum.Of(new Formula(Delta), logits, targets, weights);

    /// <summary>Between the median and the mean of each target.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        DifferenceSum.BestConstant(new Formula(Delta), targets, weights, outputs);

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits) =>
        DifferenceSum.OfSquares(logits, targets, weights, targetUnits);

    internal override double Metric(double mean) => Math.Sqrt(mean);

    private readonly struct Formula(float delta) : IDifferenceFormula
    {
        public double Loss(double difference)
        {
            double distance = Math.Abs(difference);
            return distance <= delta ? difference * difference / 2 : delta * (distance - delta / 2.0);
        }

        public float Slope(double difference) => (float)Math.Clamp(difference, -delta, delta);
    }
}
