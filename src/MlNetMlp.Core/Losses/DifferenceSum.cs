using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Sums over the differences of outputs from targets: of an <see cref="IDifferenceFormula"/>, and of what metrics need.</summary>
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

    /// <inheritdoc cref="Loss.LossSum"/>
    public static double Of<TFormula>(TFormula formula, ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
        where TFormula : struct, IDifferenceFormula
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            for (int k = 0; k < z.Length; k++)
            {
                sum += weights[i] * formula.Loss((double)z[k] - y[k]);
            }
        }

        return sum;
    }

    /// <inheritdoc cref="Loss.BestConstant"/>
    /// <remarks>The sum of the slopes only grows with the output, so halving the range that it changes its sign in comes to the minimum.</remarks>
    public static void BestConstant<TFormula>(TFormula formula, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
        where TFormula : struct, IDifferenceFormula
    {
        const int Halvings = 60;
        for (int k = 0; k < outputs.Length; k++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = 0; i < targets.Rows; i++)
            {
                (low, high) = (Math.Min(low, targets.Row(i)[k]), Math.Max(high, targets.Row(i)[k]));
            }

            for (int halving = 0; halving < Halvings && low < high; halving++)
            {
                double middle = low + (high - low) / 2, slope = 0;
                for (int i = 0; i < targets.Rows; i++)
                {
                    slope += (double)weights[i] * formula.Slope(middle - targets.Row(i)[k]);
                }

                (low, high) = slope > 0 ? (low, middle) : slope < 0 ? (middle, high) : (middle, middle);
            }

            outputs[k] = (float)high;
        }
    }

    /// <summary>The weighted sum over rows of the mean square of their differences, in the units of the targets.</summary>
    public static double OfSquares(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            double row = 0;
            for (int k = 0; k < z.Length; k++)
            {
                double difference = ((double)z[k] - y[k]) * targetUnits[k];
                row += difference * difference;
            }

            sum += weights[i] * row;
        }

        return sum / logits.Columns;
    }

    /// <summary>The weighted sum over rows of the mean size of their differences, in the units of the targets.</summary>
    public static double OfDistances(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i), y = targets.Row(i);
            double row = 0;
            for (int k = 0; k < z.Length; k++)
            {
                row += Math.Abs(((double)z[k] - y[k]) * targetUnits[k]);
            }

            sum += weights[i] * row;
        }

        return sum / logits.Columns;
    }
}
