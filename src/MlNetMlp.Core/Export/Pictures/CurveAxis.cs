using System.Globalization;

namespace MlNetMlp;

/// <summary>The scale of a diagram: which values it shows, where a value lies on it, and which are written beside it.</summary>
internal sealed class CurveAxis
{
    /// <summary>How many times the middle value the largest must be to make the scale logarithmic.</summary>
    private const double Skew = 5;

    /// <summary>Beyond these limits a value counts as not finite: the arithmetic of scales would overflow or lose its digits.</summary>
    private const double Largest = 1e100, Smallest = 1e-100;

    private readonly double _low;
    private readonly double _high;

    /// <param name="values">What is to be shown; values that are not finite do not count.</param>
    /// <param name="room">How many values there is room for beside the scale; about as many are written.</param>
    public CurveAxis(IEnumerable<double> values, int room)
    {
        double[] sorted = [.. values.Where(IsShown).Order()];
        if (sorted.Length == 0)
        {
            (_low, _high, Ticks) = (0, 1, []);
            return;
        }

        double low = sorted[0], high = sorted[^1];
        IsLogarithmic = low >= Smallest && high > Skew * sorted[sorted.Length / 2];
        (_low, _high) = IsLogarithmic ? Widened(Math.Log10(low), Math.Log10(high)) : Linear(low, high);
        Ticks = IsLogarithmic ? LogarithmicTicks(room) : LinearTicks(room, leastStep: 0);
    }

    private CurveAxis(double low, double high, bool isLogarithmic, int room, double leastStep)
    {
        (_low, _high, IsLogarithmic) = (low, high, isLogarithmic);
        Ticks = isLogarithmic ? LogarithmicTicks(room) : LinearTicks(room, leastStep);
    }

    public bool IsLogarithmic { get; }

    /// <summary>The values that are written beside the scale, from low to high.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A logarithmic scale, a little wider than the values.</summary>
    /// <param name="values">What is to be shown, above 0.</param>
    /// <param name="room">How many values there is room for beside the scale.</param>
    public static CurveAxis Logarithmic(IReadOnlyCollection<double> values, int room)
    {
        (double low, double high) = Widened(Math.Log10(values.Min()), Math.Log10(values.Max()));
        return new(low, high, isLogarithmic: true, room, leastStep: 0);
    }

    /// <summary>A scale that is not logarithmic.</summary>
    /// <param name="low">Its lower end.</param>
    /// <param name="high">Its upper end.</param>
    /// <param name="room">How many values there is room for beside the scale.</param>
    /// <param name="leastStep">The least difference of two of them: 1 where only whole numbers mean something.</param>
    public static CurveAxis Between(double low, double high, int room, double leastStep = 0) => new(low, high, isLogarithmic: false, room, leastStep);

    public static bool IsShown(double value) => Math.Abs(value) <= Largest;

    /// <summary>Where a value lies: 0 at the lower end, 1 at the upper.</summary>
    public double Position(double value) => ((IsLogarithmic ? Math.Log10(value) : value) - _low) / (_high - _low);

    /// <summary>A value as it is written: four digits, without zeros at its end.</summary>
    public static string Text(double value)
    {
        double size = Math.Abs(value);
        string digits = value.ToString(size is 0 or (>= 1e-4 and < 1e5) ? "G4" : "0.###e0", CultureInfo.InvariantCulture);
        return size is >= 1e4 and < 1e5 ? value.ToString("0", CultureInfo.InvariantCulture) : digits;
    }

    /// <summary>The first of 1, 2 and 5 times a power of ten that is at least <paramref name="width"/>.</summary>
    public static double RoundStep(double width)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(width)));
        double share = width / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }

    private static (double Low, double High) Linear(double low, double high)
    {
        // A scale of losses begins at zero, unless the curve would be a line at its top.
        (double from, double to) = Widened(low, high);
        return low >= 0 && (from < 0 || low < high / 3) ? (0, to) : (from, to);
    }

    /// <summary>A little more on both sides; around a single value, a tenth of it.</summary>
    private static (double Low, double High) Widened(double low, double high)
    {
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        double margin = high - low > 1e-6 * size ? 0.06 * (high - low) : size > Smallest ? 0.1 * size : 1;
        return (low - margin, high + margin);
    }

    private List<double> LinearTicks(int room, double leastStep)
    {
        double step = Math.Max(leastStep, RoundStep((_high - _low) / room));
        var ticks = new List<double>();

        // Plus 0, which makes 0 of -0.
        for (double number = Math.Ceiling(_low / step) + 0.0; number * step <= _high; number++)
        {
            // The product, and not a sum of steps, so that 0.3 is 0.3; rounded, for 3 * 0.1 is not.
            ticks.Add(double.Parse((number * step).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private List<double> LogarithmicTicks(int room)
    {
        double decades = _high - _low;
        int every = (int)Math.Ceiling(decades / room);
        double[] inner = 3 * decades <= room + 2 ? [1, 2, 5] : [1];
        var ticks = new List<double>();
        for (int power = (int)Math.Floor(_low); power <= _high; power++)
        {
            ticks.AddRange(inner
                .Select(digit => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digit}e{power}"), CultureInfo.InvariantCulture))
                .Where(tick => power % every == 0 && Position(tick) is >= 0 and <= 1));
        }

        return ticks;
    }
}
