namespace MlNetMlp;

/// <summary>Which places of an epoch make up each of its mini-batches.</summary>
/// <param name="Rows">The number of places of an epoch.</param>
/// <param name="Size">The number of rows of a mini-batch; the last may have fewer.</param>
/// <param name="JoinsSingleRow">
/// Whether a row that would be the last mini-batch all by itself belongs to the one before: a normalization over rows makes nothing of it.
/// </param>
internal readonly record struct MiniBatches(int Rows, int Size, bool JoinsSingleRow)
{
    /// <summary>The number of mini-batches.</summary>
    public int Count => (Rows - 1) / Size + (Joins ? 0 : 1);

    /// <summary>The most rows of a mini-batch.</summary>
    public int LargestSize => Joins ? Size + 1 : Size;

    private bool Joins => JoinsSingleRow && Size > 1 && Rows > Size && Rows % Size == 1;

    /// <summary>The place of the first row of mini-batch number <paramref name="number"/>, from 0.</summary>
    public int FirstPlace(int number) => number * Size;

    /// <summary>The rows of mini-batch number <paramref name="number"/>, from 0, of the epoch that <paramref name="order"/> is in.</summary>
    public ReadOnlySpan<int> Of(EpochOrder order, int number) => order.Rows(FirstPlace(number), number == Count - 1 ? LargestSize : Size);
}
