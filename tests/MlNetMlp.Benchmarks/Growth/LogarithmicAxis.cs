using System.Globalization;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>A logarithmic scale with a little room at both ends.</summary>
internal sealed class LogarithmicAxis
{
    private const double Margin = 0.06;

    private readonly double _low;
    private readonly double _high;

    /// <param name="values">What is to be shown; positive.</param>
    public LogarithmicAxis(IEnumerable<double> values)
    {
        double[] logarithms = [.. values.Select(Math.Log10).Order()];
        double margin = Math.Max(Margin * (logarithms[^1] - logarithms[0]), 0.05);
        (_low, _high) = (logarithms[0] - margin, logarithms[^1] + margin);
    }

    /// <summary>The powers of ten on the scale; where there are few, 2 and 5 times them too, or all their multiples.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            int[] digits = _high - _low < 0.45 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : _high - _low < 2.2 ? [1, 2, 5] : [1];
            return Enumerable.Range((int)Math.Floor(_low), (int)(Math.Ceiling(_high) - Math.Floor(_low)) + 1)
                .SelectMany(power => digits.Select(digit => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digit}e{power}"),
                    CultureInfo.InvariantCulture)))
                .Where(tick => Position(tick) is >= 0 and <= 1);
        }
    }

    /// <summary>Where a value lies: 0 at the lower end, 1 at the upper.</summary>
    public double Position(double value) => (Math.Log10(value) - _low) / (_high - _low);
}
