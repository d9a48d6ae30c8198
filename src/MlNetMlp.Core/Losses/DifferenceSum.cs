using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The sum of an <see cref="IDifferenceFormula"/> over the outputs of the rows.</summary>
/// <remarks>The type parameter lets the compiler inline the formula into the loop.</remarks>
internal static class DifferenceSum
{
    /// <inheritdoc cref="Loss.Gradient"/>
    public static double Gradient<TFormula>(
        TFormula formula, ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
        where TFormula : struct, IDifferenceFormula
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            Span<float> g = gradient.Row(i);
            for (int k = 0; k < z.Length; k++)
            {
                double difference = (double)z[k] - y[k];
                sum += weights[i] * formula.Loss(difference);
                g[k] = scale * weights[i] * formula.Slope(difference);
            }
        }

        return sum;
    }

    /// <inheritdoc cref="Loss.Evaluate"/>
    public static (double Loss, double Metric) Evaluate<TFormula>(
        TFormula formula, ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
        where TFormula : struct, IDifferenceFormula
    {
        double loss = 0, metric = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            for (int k = 0; k < z.Length; k++)
            {
                double difference = (double)z[k] - y[k];
                loss += weights[i] * formula.Loss(difference);
                metric += formula.Metric(weights[i], difference, targetUnits[k]);
            }
        }

        return (loss, metric / logits.Columns);
    }
}
