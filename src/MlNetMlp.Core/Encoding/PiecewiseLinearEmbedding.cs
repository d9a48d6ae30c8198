using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Piecewise-linear encoding: beside a number x stands, for each of its bins <c>[b, c]</c>, how much of the bin lies below it,
/// <c>min(max((x - b) / (c - b), 0), 1)</c>.
/// </summary>
/// <remarks>
/// <para>
/// The bins end at quantiles of the training rows, so that each has equally many of them, or where a tree cuts the number to tell the target: see
/// <see cref="Ends"/>. Where quantiles coincide there are fewer bins, and a number of few different values has them for its ends. A weight of 2 counts as
/// two rows. Quantiles and trees are those of at most 10,000 training rows, evenly spread over all. A missing value is 0 in all bins.
/// </para>
/// <para>
/// A tree leaves as little squared distance of the targets from the mean of their bin as it can, of several targets in units of their deviations; of
/// classes as little Gini impurity. It cuts one bin after the other, where that gains most.
/// </para>
/// <para>Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in Tabular Deep Learning, 2022.</para>
/// </remarks>
public sealed record PiecewiseLinearEmbedding : NumericEmbedding
{
    internal const int DefaultBins = 16;

    private const int MostBins = 256;

    /// <summary>The most bins of a number, from 2 to 256. Default 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Bins
    {
        get;
        init => field = Require.InRange(value, 2, MostBins, nameof(Bins));
    } = DefaultBins;

    /// <summary>Where they end. Default <see cref="BinEnds.Quantiles"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public BinEnds Ends
    {
        get;
        init => field = Require.Defined(value, nameof(Ends));
    }

    /// <summary>
    /// The most bins of all numbers together, at least 2: where there are very many numbers, each has fewer <see cref="Bins"/>, but never less than 2.
    /// Default null: as many as it takes.
    /// </summary>
    /// <remarks>
    /// The first layer has a weight for every bin and unit. A step moves all weights of a unit by about as much, and so the unit's sum by the more, the more
    /// bins a row fills; and every mini-batch pays for all of them.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2.</exception>
    public int? TotalBins
    {
        get;
        init => field = value is { } total ? Require.AtLeast(total, 2, nameof(TotalBins)) : null;
    }

    /// <summary>The most bins of each of <paramref name="numbers"/> features.</summary>
    internal int BinsOfEach(int numbers) => TotalBins is { } total ? Math.Clamp(total / Math.Max(1, numbers), 2, Bins) : Bins;
}
