using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>A number between bounds.</summary>
internal abstract class NumberDimension<TOptions, T> : Dimension<TOptions>
    where T : struct, INumber<T>
{
    private readonly string _name;
    private readonly Func<TOptions, T, TOptions> _apply;
    private readonly int? _gridPoints;

    protected NumberDimension(string name, T low, T high, SearchScale scale, Func<TOptions, T, TOptions> apply, int? gridPoints)
    {
        _name = CheckName(name);
        ArgumentNullException.ThrowIfNull(apply);
        if (!Enum.IsDefined(scale))
        {
            throw OutOfRange(name, nameof(scale), scale, $"{nameof(SearchScale.Linear)} or {nameof(SearchScale.Logarithmic)}");
        }

        IsLogarithmic = scale == SearchScale.Logarithmic;
        if (!T.IsFinite(low) || (IsLogarithmic && !(low > T.Zero)))
        {
            throw OutOfRange(name, nameof(low), low, IsLogarithmic ? "finite and greater than 0 on a logarithmic scale" : "finite");
        }

        if (!(high > low) || !T.IsFinite(high))
        {
            throw OutOfRange(name, nameof(high), high, FormattableString.Invariant($"finite and greater than low, which is {low}"));
        }

        if (gridPoints is < 1 or > GridSearch.MaximumPoints)
        {
            throw OutOfRange(name, nameof(gridPoints), gridPoints, $"in [1, {GridSearch.MaximumPoints}], or null");
        }

        _apply = apply;
        _gridPoints = gridPoints;
    }

    public override IEnumerable<string> Names => [_name];

    protected bool IsLogarithmic { get; }

    public sealed override SearchPoint<TOptions> Draw(SearchRandom random) => Point(ValueAt(random.Unit));

    public sealed override SearchPoint<TOptions> Propose(TrialEvidence evidence, SearchRandom random)
    {
        var good = new ParzenEstimator(evidence.PositionsOfGood(_name));
        var others = new ParzenEstimator(evidence.PositionsOfOthers(_name));
        return Point(evidence.Best(random, candidate => ValueAt(good.Sample(candidate)), value =>
        {
            (double low, double high) = Cell(value);
            return good.Density(low, high) / others.Density(low, high);
        }));
    }

    public sealed override BigInteger GridSize(int points) => Grid(_gridPoints ?? points).Count;

    public sealed override SearchPoint<TOptions> GridPoint(int index, int points) => Point(Grid(_gridPoints ?? points)[index]);

    /// <summary>The value that a uniform number in [0, 1) stands for.</summary>
    protected abstract T ValueAt(double unit);

    /// <summary>Different values, ascending: at most so many, evenly over the scale.</summary>
    protected abstract IReadOnlyList<T> Grid(int points);

    /// <summary>The positions, from 0 to 1, that stand for the value: its inverse of <see cref="ValueAt"/>.</summary>
    protected abstract (double Low, double High) Cell(T value);

    protected abstract SearchValue Describe(string name, T value);

    /// <summary><c>points</c> numbers in equal steps from 0 to 1; a single one is in the middle.</summary>
    protected static IEnumerable<double> Steps(int points) => Enumerable.Range(0, points).Select(i => points == 1 ? 0.5 : (double)i / (points - 1));

    /// <summary>What lies between two numbers on the scale, at 0 the one, at 1 the other.</summary>
    protected double Between(double low, double high, double unit) =>
        IsLogarithmic ? low * Math.Pow(high / low, unit) : low + ((high - low) * unit);

    /// <summary>The inverse of <see cref="Between"/>.</summary>
    protected double Share(double low, double high, double value) =>
        IsLogarithmic ? Math.Log(value / low) / Math.Log(high / low) : (value - low) / (high - low);

    private SearchPoint<TOptions> Point(T value)
    {
        (double low, double high) = Cell(value);
        return new([Describe(_name, value) with { Position = (low + high) / 2 }], options => _apply(options, value));
    }
}
