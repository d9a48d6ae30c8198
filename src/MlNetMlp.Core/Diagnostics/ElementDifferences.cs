namespace MlNetMlp.Diagnostics;

/// <summary>The derivative of an objective with respect to one element of its parameters, by differences of several sizes.</summary>
/// <remarks>
/// <para>
/// The objective is a sum of single-precision results, so small steps drown in roundings, and large ones see its curvature and run over kinks. Steps
/// from 2^-5 to 2^-14 are tried, the largest first; two of them, one half of the other, give <c>(4 D(h/2) - D(h)) / 3</c>, whose error falls with
/// the fourth power of h (Richardson, The Deferred Approach to the Limit, 1927).
/// </para>
/// <para>
/// The gradient is right if one estimate agrees with it. If none does, it is wrong only if the estimates agree with one another and no kink
/// stands at the place itself: there the slopes on both sides stay apart, however small the step.
/// </para>
/// </remarks>
/// <param name="objective">The function.</param>
/// <param name="parameter">The parameter whose elements are compared.</param>
/// <param name="center">The function at the parameters as they are.</param>
/// <param name="rounding">What roundings change it by.</param>
/// <param name="tolerance">The largest relative error of a correct gradient.</param>
/// <param name="floor">The size below which an error is no longer relative.</param>
internal sealed class ElementDifferences(
    DifferentiableObjective objective, Parameter parameter, double center, double rounding, double tolerance, double floor)
{
    private const int LargestStep = -5;
    private const int Levels = 10;

    private readonly double _floor = Math.Max(floor, Noise(rounding, Step(1)) / tolerance);

    /// <summary>Compares the derivative with respect to element <paramref name="index"/>.</summary>
    /// <returns>The estimate by differences, the relative error, and whether the place allows no verdict.</returns>
    public (double Numeric, double Error, bool IsKink) Compare(int index, double analytic)
    {
        Span<double> slopes = stackalloc double[Levels], gaps = stackalloc double[Levels];
        (double Numeric, double Error) closest = (0, double.PositiveInfinity), surest = default;
        double doubt = double.PositiveInfinity;
        for (int k = 0; k < Levels; k++)
        {
            (slopes[k], gaps[k], double noise) = Estimate(index, Step(k));
            if (k == 0)
            {
                continue;
            }

            double extrapolated = (4 * slopes[k] - slopes[k - 1]) / 3;
            foreach (double numeric in (ReadOnlySpan<double>)[extrapolated, slopes[k]])
            {
                double error = Error(analytic, numeric);
                closest = error < closest.Error ? (numeric, error) : closest;
            }

            if (closest.Error <= tolerance / 10)
            {
                break;
            }

            double spread = Math.Abs(slopes[k] - slopes[k - 1]) + noise;
            if (spread < doubt)
            {
                doubt = spread;
                surest = (extrapolated, Error(analytic, extrapolated));
            }
        }

        if (closest.Error <= tolerance)
        {
            return (closest.Numeric, closest.Error, false);
        }

        bool isUnsure = Math.Abs(surest.Numeric - analytic) <= 4 * doubt;
        return (surest.Numeric, surest.Error, isUnsure || StandsAtKink(gaps, surest.Numeric, analytic));
    }

    /// <summary>The slope between both sides, the difference of the slopes of both sides, and what roundings may add to either.</summary>
    private (double Slope, double Gap, double Noise) Estimate(int index, double step)
    {
        Span<float> values = objective.Parameters.Value(parameter);
        float value = values[index], above = (float)(value + step), below = (float)(value - step);
        values[index] = above;
        double valueAbove = objective.Value();
        values[index] = below;
        double valueBelow = objective.Value();
        values[index] = value;

        // The steps that were really made, in single precision.
        double up = (double)above - value, down = (double)value - below;
        return ((valueAbove - valueBelow) / (up + down), (valueAbove - center) / up - (center - valueBelow) / down, Noise(rounding, step));
    }

    /// <summary>
    /// On a smooth function the gap between the slopes of both sides halves with the step; where it stays, the gradient is the slope of one
    /// side.
    /// </summary>
    private static bool StandsAtKink(ReadOnlySpan<double> gaps, double numeric, double analytic)
    {
        for (int k = 1; k < Levels; k++)
        {
            double gap = Math.Abs(gaps[k]);
            if (gap > 0.7 * Math.Abs(gaps[k - 1]) && gap < 1.4 * Math.Abs(gaps[k - 1]) && Math.Abs(numeric - analytic) <= 0.6 * gap)
            {
                return true;
            }
        }

        return false;
    }

    private static double Step(int level) => Math.ScaleB(1, LargestStep - level);

    private static double Noise(double rounding, double step) => rounding / step;

    private double Error(double analytic, double numeric)
    {
        double difference = Math.Abs(analytic - numeric);
        return difference == 0 ? 0
            : double.IsFinite(difference) ? difference / Math.Max(_floor, Math.Max(Math.Abs(analytic), Math.Abs(numeric)))
            : double.PositiveInfinity;
    }
}
