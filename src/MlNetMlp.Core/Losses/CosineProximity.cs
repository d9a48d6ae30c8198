using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The angle between the K outputs z and the K targets y of a row, whatever their lengths: <c>1 - z . y / (|z| |y|)</c>, from 0 (same
/// direction) to 2 (opposite). The scores are the outputs, of which only the direction was learned.
/// </summary>
/// <remarks>
/// Targets: K columns, at least 2 and not all zero; never standardized, which would change their direction. Gradient, with the cosine c:
/// <c>(c z / |z| - y / |y|) / |z|</c>. Where z is the zero vector the loss is 1 and the gradient 0. Metric: the mean cosine c. The
/// metric is Salton's (Salton, Wong and Yang, A Vector Space Model for Automatic Indexing, 1975); Keras calls its negative a loss, here 1
/// is added so that a perfect fit has the loss 0.
/// </remarks>
public sealed record CosineProximity : RegressionLoss
{
    /// <inheritdoc/>
    public override string MetricName => "CosineSimilarity";

    internal override bool HigherMetricIsBetter => true;

    internal override void CheckOutputCount(int outputCount)
    {
        if (outputCount < 2)
        {
            throw new ArgumentException($"{this} needs at least 2 outputs, for one has no direction but its sign; the network has {outputCount}.");
        }
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        base.CheckTargets(targets, outputCount, row);
        if (!targets.ContainsAnyExcept(0f))
        {
            throw new ArgumentException($"Row {row} (from 0): all targets are 0; {this} needs a direction.");
        }
    }

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            Span<float> g = gradient.Row(i);
            double length = Length(z), targetLength = Length(y), cosine = Cosine(z, y);
            sum += weights[i] * (1 - cosine);
            for (int k = 0; k < z.Length; k++)
            {
                g[k] = length == 0 ? 0 : (float)(scale * weights[i] * (cosine * z[k] / length - y[k] / targetLength) / length);
            }
        }

        return sum;
    }

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * (1 - Cosine(logits.Row(i), targets.Row(i)));
        }

        return sum;
    }

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * Cosine(logits.Row(i), targets.Row(i));
        }

        return sum;
    }

    /// <summary>The mean of the directions; of any length.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] sums = new double[outputs.Length];
        double total = 0;
        for (int i = 0; i < targets.Rows; i++)
        {
            double length = Length(targets.Row(i));
            total += weights[i];
            for (int k = 0; k < sums.Length; k++)
            {
                sums[k] += weights[i] * (targets.Row(i)[k] / length);
            }
        }

        for (int k = 0; k < sums.Length; k++)
        {
            outputs[k] = (float)(sums[k] / total);
        }
    }

    /// <summary>0 for a vector without direction.</summary>
    private static double Cosine(ReadOnlySpan<float> z, ReadOnlySpan<float> y)
    {
        double lengths = Length(z) * Length(y);
        return lengths == 0 ? 0 : OrderedSum.OfProducts(z, y) / lengths;
    }

    private static double Length(ReadOnlySpan<float> vector) => Math.Sqrt(OrderedSum.OfSquares(vector));
}
