namespace MlNetMlp;

/// <summary>
/// Looks along a line for a step that meets the strong Wolfe conditions: <c>f(a) &lt;= f(0) + 1e-4 a f'(0)</c>, so that the function has
/// fallen enough, and <c>|f'(a)| &lt;= 0.9 |f'(0)|</c>, so that the step was long enough.
/// </summary>
/// <remarks>
/// <para>
/// Jorge Nocedal and Stephen Wright, "Numerical Optimization", second edition, 2006: algorithm 3.5, which walks until an interval must hold such a
/// step, then 3.6, which narrows it, by the cubic through values and slopes of both ends (3.59), kept a tenth of the width away from them.
/// </para>
/// <para>
/// Values carry the rounding errors of a network in single precision. Differences below <see cref="Rounding"/> times the value count as none;
/// there the slopes decide, whose errors are small beside them for longer. William Hager and Hongchao Zhang, "A New Conjugate Gradient
/// Method with Guaranteed Descent and an Efficient Line Search", 2005, approximate Wolfe conditions.
/// </para>
/// </remarks>
/// <param name="line">The function.</param>
/// <param name="start">The function at step 0; its slope is negative.</param>
/// <param name="evaluations">How often the line may be asked, at least 1; once more to go back to the best of these steps.</param>
internal ref struct WolfeLineSearch(ILine line, LinePoint start, int evaluations)
{
    /// <summary>Four units in the last place of a single-precision number.</summary>
    public const double Rounding = 1.0 / (1 << 22);

    private const double SufficientDecrease = 1e-4;
    private const double Curvature = 0.9;

    private readonly double _allowance = Rounding * Math.Abs(start.Value);
    private int _left = evaluations;

    /// <summary>The step that was found, which is also where the line was asked last; null if there is none that the function falls to.</summary>
    /// <param name="firstStep">The step to try first, greater than 0.</param>
    public LinePoint? Run(double firstStep)
    {
        LinePoint previous = start;
        double step = firstStep;
        while (_left-- > 0)
        {
            LinePoint current = line.At(step);
            if (IsTooHigh(current, previous))
            {
                return Narrow(previous, current);
            }

            if (IsFlat(current))
            {
                return current;
            }

            if (current.Slope >= 0)
            {
                return Narrow(current, previous);
            }

            double longer = current.Step + (0.01 * (current.Step - previous.Step));
            step = Math.Clamp(Bottom(previous, current) ?? double.PositiveInfinity, longer, 10 * current.Step);
            previous = current;
        }

        // Downhill all the way: not far enough, but lower.
        return previous.Step > 0 ? previous : null;
    }

    /// <param name="low">The end with the lower value; the function falls from there into the interval.</param>
    /// <param name="high">The other end, which may be on either side.</param>
    private LinePoint? Narrow(LinePoint low, LinePoint high)
    {
        bool isAtLow = false;
        while (_left-- > 0)
        {
            double width = high.Step - low.Step;
            double middle = low.Step + (width / 2);
            double share = ((Bottom(low, high) ?? middle) - low.Step) / width;
            LinePoint current = line.At(low.Step + (width * Math.Clamp(share, 0.1, 0.9)));
            isAtLow = !IsTooHigh(current, low);
            if (!isAtLow)
            {
                high = current;
                continue;
            }

            if (IsFlat(current))
            {
                return current;
            }

            if (current.Slope * width >= 0)
            {
                high = low;
            }

            low = current;
        }

        return low.Step == 0 ? null : isAtLow ? low : line.At(low.Step);
    }

    private readonly bool IsTooHigh(LinePoint point, LinePoint low) =>
        !point.IsFinite
        || point.Value > start.Value + (SufficientDecrease * point.Step * start.Slope) + _allowance
        || (low.Step > 0 && point.Value > low.Value + _allowance);

    private readonly bool IsFlat(LinePoint point) => Math.Abs(point.Slope) <= Curvature * Math.Abs(start.Slope);

    /// <summary>
    /// The lowest point of the cubic through two points, or of the parabola through their slopes where their values tell nothing; null if
    /// there is none.
    /// </summary>
    private readonly double? Bottom(LinePoint first, LinePoint second)
    {
        if (!first.IsFinite || !second.IsFinite)
        {
            return null;
        }

        double width = second.Step - first.Step;
        double bottom;
        if (Math.Abs(second.Value - first.Value) <= _allowance)
        {
            bottom = first.Step - (first.Slope * width / (second.Slope - first.Slope));
        }
        else
        {
            double d1 = first.Slope + second.Slope - (3 * (second.Value - first.Value) / width);
            double d2 = Math.Sign(width) * Math.Sqrt((d1 * d1) - (first.Slope * second.Slope));
            bottom = second.Step - (width * (second.Slope + d2 - d1) / (second.Slope - first.Slope + (2 * d2)));
        }

        return double.IsFinite(bottom) ? bottom : null;
    }
}
