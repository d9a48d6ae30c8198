using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Squared error near the target, absolute error far from it: per output, with <c>r = z - y</c>, <c>r^2 / 2</c> for <c>|r| &lt;= Delta</c>, else
/// <c>Delta (|r| - Delta / 2)</c>, summed over the K outputs. The scores are the outputs.
/// </summary>
/// <remarks>
/// Targets: K columns. Gradient: r, limited to [-Delta, Delta] (Huber, Robust Estimation of a Location Parameter, 1964). Measure: the root
/// of the mean squared error over rows and outputs, in the units in which the targets were given.
/// </remarks>
public sealed record HuberLoss : RegressionLoss
{
    private readonly float _delta = 1;

    /// <summary>
    /// Where the parabola becomes a line, finite and greater than 0; in the units in which the network sees the targets, which are
    /// standard deviations if they are standardized. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Delta
    {
        get => _delta;
        init => _delta = Require.Positive(value, nameof(Delta));
    }

    /// <inheritdoc/>
    public override string MetricName => "RootMeanSquaredError";

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            Span<float> g = gradient.Row(i);
            for (int k = 0; k < z.Length; k++)
            {
                double difference = (double)z[k] - y[k];
                sum += weights[i] * Value(difference);
                g[k] = scale * weights[i] * (float)Math.Clamp(difference, -Delta, Delta);
            }
        }

        return sum;
    }

    internal override (double Loss, double Metric) Evaluate(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double loss = 0, squares = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            for (int k = 0; k < z.Length; k++)
            {
                double difference = (double)z[k] - y[k];
                loss += weights[i] * Value(difference);
                squares += weights[i] * difference * targetUnits[k] * difference * targetUnits[k];
            }
        }

        return (loss, squares / logits.Columns);
    }

    internal override double Metric(double mean) => Math.Sqrt(mean);

    private double Value(double difference)
    {
        double distance = Math.Abs(difference);
        return distance <= Delta ? difference * difference / 2 : Delta * (distance - Delta / 2.0);
    }
}
