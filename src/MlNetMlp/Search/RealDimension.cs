namespace MlNetMlp.Search;

/// <summary>A real number, uniform on its scale.</summary>
internal sealed class RealDimension<TOptions> : NumberDimension<TOptions, float>
{
    private readonly float _low;
    private readonly float _high;

    public RealDimension(string name, float low, float high, SearchScale scale, Func<TOptions, float, TOptions> apply, int? gridPoints)
        : base(name, low, high, scale, apply, gridPoints) => (_low, _high) = (low, high);

    // Rounding must not lead out of bounds that an option may insist on.
    protected override float ValueAt(double unit) => Math.Clamp((float)Between(_low, _high, unit), _low, _high);

    protected override IReadOnlyList<float> Grid(int points) => [.. Steps(points).Select(ValueAt).Distinct()];

    protected override (double Low, double High) Cell(float value)
    {
        double share = Share(_low, _high, value);
        return (share, share);
    }

    protected override SearchValue Describe(string name, float value) => SearchValue.Of(name, value);
}
