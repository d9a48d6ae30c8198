using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The distances of the K outputs of a row from its K targets: <c>sum_k |z_k - y_k|</c>. The scores are the outputs.</summary>
/// <remarks>
/// Targets: K columns. Gradient: <c>sign(z - y)</c>, 0 where they are equal. The best constant is the median, so that single rows far off do
/// not matter (Huber, Robust Estimation of a Location Parameter, 1964). Measure: the mean absolute error over rows and outputs, in the
/// units in which the targets were given.
/// </remarks>
public sealed record AbsoluteError : RegressionLoss
{
    /// <inheritdoc/>
    public override string MetricName => "MeanAbsoluteError";

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
                g[k] = scale * weights[i] * Math.Sign(difference);
            }
        }

        return sum;
    }

    internal override (double Loss, double Metric) Evaluate(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double loss = 0, distances = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            for (int k = 0; k < z.Length; k++)
            {
                double difference = (double)z[k] - y[k];
                loss += weights[i] * Value(difference);
                distances += weights[i] * Math.Abs(difference * targetUnits[k]);
            }
        }

        return (loss, distances / logits.Columns);
    }

    private static double Value(double difference) => Math.Abs(difference);
}
