namespace MlNetMlp.Search;

/// <summary>A whole number in steps.</summary>
internal sealed class WholeDimension<TOptions> : NumberDimension<TOptions, int>
{
    private readonly int _low;
    private readonly int _step;
    private readonly long _count;

    public WholeDimension(string name, int low, int high, SearchScale scale, int step, Func<TOptions, int, TOptions> apply, int? gridPoints)
        : base(name, low, high, scale, apply, gridPoints)
    {
        _low = low;
        _step = step >= 1 ? step : throw OutOfRange(name, nameof(step), step, "at least 1");
        _count = (((long)high - low) / step) + 1;
    }

    /// <summary>The last one's next.</summary>
    private double End => _low + ((double)_count * _step);

    /// <summary>Every value owns what lies between it and the next one, or the last one's next, on the scale.</summary>
    protected override int ValueAt(double unit) => Value((long)Math.Floor((Between(_low, End, unit) - _low) / _step));

    protected override IReadOnlyList<int> Grid(int points) => points >= _count
        ? [.. Enumerable.Range(0, (int)_count).Select(i => Value(i))]
        : [.. Steps(points).Select(unit => Value((long)Math.Round((Between(_low, Value(_count - 1), unit) - _low) / _step))).Distinct()];

    protected override (double Low, double High) Cell(int value) => (Share(_low, End, value), Share(_low, End, (double)value + _step));

    protected override SearchValue Describe(string name, int value) => SearchValue.Of(name, value);

    private int Value(long index) => (int)(_low + (Math.Clamp(index, 0, _count - 1) * _step));
}
