using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Which training rows make up the mini-batches of an epoch: a function of the seed and the epoch alone.</summary>
/// <remarks>An epoch has as many places as there are rows. Mini-batches are cut out of it from the first place to the last.</remarks>
internal abstract class EpochOrder
{
    private readonly int[] _rows;

    private protected EpochOrder(int count) => _rows = new int[count];

    /// <summary>The number of places of an epoch.</summary>
    public int Count => _rows.Length;

    /// <summary>The epoch that was started last, from 0.</summary>
    protected int Epoch { get; private set; }

    /// <param name="count">The number of training rows.</param>
    /// <param name="classes">The class of each row if mini-batches are to be balanced, else null.</param>
    /// <param name="shuffle">Whether every pass over the rows has an order of its own; false: that of their numbers.</param>
    /// <param name="random">The random numbers of all epochs.</param>
    /// <param name="window">See <see cref="IRowSource.ShuffleWindow"/>.</param>
    public static EpochOrder Create(int count, int[]? classes, bool shuffle, SeededRandom random, int window = int.MaxValue) =>
        classes is null ? new PermutedOrder(count, window, shuffle, random) : new ClassBalancedOrder(classes, window, shuffle, random);

    /// <summary>Puts the rows of epoch number <paramref name="epoch"/>, from 0, into their places.</summary>
    public void Start(int epoch)
    {
        Epoch = epoch;
        Fill(_rows);
    }

    /// <summary>The rows in <paramref name="count"/> places of the epoch, or as many as there are left.</summary>
    public ReadOnlySpan<int> Rows(int firstPlace, int count) => _rows.AsSpan(firstPlace, Math.Min(count, _rows.Length - firstPlace));

    /// <summary>How many times the row in a place of the epoch was due before, in all epochs: together with its number, this names one use of it.</summary>
    public abstract long PassAt(int place);

    /// <summary>Puts the rows of <see cref="Epoch"/> into their places.</summary>
    private protected abstract void Fill(Span<int> rows);
}
