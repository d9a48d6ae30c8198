using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>One thing that a search changes.</summary>
internal abstract class Dimension<TOptions>
{
    /// <summary>The labels of the values that points have in this dimension.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <summary>A random point.</summary>
    public abstract SearchPoint<TOptions> Draw(SearchRandom random);

    /// <summary>A random point that is more likely among the good trials than among the others.</summary>
    public abstract SearchPoint<TOptions> Propose(TrialEvidence evidence, SearchRandom random);

    /// <summary>The number of points in a grid.</summary>
    /// <param name="points">The number of values of a dimension that does not say itself how many it wants.</param>
    public abstract BigInteger GridSize(int points);

    /// <summary>A point of the grid, from 0.</summary>
    public abstract SearchPoint<TOptions> GridPoint(int index, int points);

    protected static string CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name;
    }

    protected static ArgumentOutOfRangeException OutOfRange(string dimension, string parameter, object? value, string allowed) =>
        new(parameter, value, FormattableString.Invariant($"{parameter} of the dimension '{dimension}' is {value}; it must be {allowed}."));
}
