using System.Globalization;
using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>Tries all combinations of some values of each dimension; the values of the last dimension change fastest.</summary>
public sealed record GridSearch : SearchStrategy
{
    internal const int MaximumPoints = 1000;

    /// <summary>A grid with this many values of each number, and all values of choices and branches.</summary>
    /// <param name="pointsPerDimension">
    /// The number of values of each dimension of numbers, from 1 to 1000, evenly over its scale, both bounds among them. A dimension may
    /// ask for another number itself.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pointsPerDimension"/> is outside [1, 1000].</exception>
    public GridSearch(int pointsPerDimension) => PointsPerDimension = pointsPerDimension is >= 1 and <= MaximumPoints
        ? pointsPerDimension
        : throw OutOfRange(nameof(PointsPerDimension), pointsPerDimension, $"in [1, {MaximumPoints}]");

    /// <summary>The number of values of each dimension of numbers.</summary>
    public int PointsPerDimension { get; }

    /// <summary>A larger grid is refused before anything is trained. At least 1; default 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaximumTrials
    {
        get;
        init => field = value >= 1 ? value : throw OutOfRange(nameof(MaximumTrials), value, "at least 1");
    } = 1000;

    internal override int TrialCount<TOptions>(SearchSpace<TOptions> space)
    {
        BigInteger size = space.GridSize(PointsPerDimension);
        return size <= MaximumTrials
            ? (int)size
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The grid has {size} trials, and {nameof(GridSearch)}.{nameof(MaximumTrials)} allows {MaximumTrials}; take fewer " +
                $"values of each dimension, a greater maximum, or a {nameof(RandomSearch)}."));
    }

    internal override SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier) =>
        space.GridPoint(trial, PointsPerDimension);

    private static ArgumentOutOfRangeException OutOfRange(string name, int value, string allowed) =>
        new(name, value, FormattableString.Invariant($"{name} is {value}; it must be {allowed}."));

    /// <summary>For example <c>GridSearch { PointsPerDimension = 3, MaximumTrials = 1000 }</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{nameof(GridSearch)} {{ {nameof(PointsPerDimension)} = {PointsPerDimension}, ") +
        FormattableString.Invariant($"{nameof(MaximumTrials)} = {MaximumTrials} }}");
}
