using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Half the squared distance between the K outputs and the K targets of a row: <c>1/2 sum_k (z_k - y_k)^2</c>. The scores are the outputs.</summary>
/// <remarks>
/// Targets: K columns. Gradient: <c>z - y</c>. Metric: the root of the mean squared error over rows and outputs, in the units in which the
/// targets were given, even where the network sees them standardized.
/// </remarks>
public sealed record SquaredError : DifferenceLoss
{
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
            float factor = scale * weights[i];
            double row = 0;
            for (int k = 0; k < z.Length; k++)
            {
                float difference = z[k] - y[k];
                row += (double)difference * difference;
                g[k] = difference * factor;
            }

            sum += weights[i] * 0.5 * row;
        }

        return sum;
    }

    /// <summary>The means of the targets.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] means = WeightedMean.Of(targets, weights);
        for (int k = 0; k < means.Length; k++)
        {
            outputs[k] = (float)means[k];
        }
    }

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            double row = 0;
            for (int k = 0; k < z.Length; k++)
            {
                double difference = (double)z[k] - y[k];
                row += difference * difference;
            }

            sum += weights[i] * 0.5 * row;
        }

        return sum;
    }

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits) =>
        DifferenceSum.OfSquares(logits, targets, weights, targetUnits);

    internal override double Metric(double mean) => Math.Sqrt(mean);
}
