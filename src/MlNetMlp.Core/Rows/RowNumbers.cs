namespace MlNetMlp;

/// <summary>Rows that follow each other: their numbers, and what a source has under these.</summary>
internal static class RowNumbers
{
    /// <summary>Writes <paramref name="first"/>, <paramref name="first"/> + 1 and so on.</summary>
    public static void Fill(Span<int> numbers, int first = 0)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = first + i;
        }
    }

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in blocks, each valid until the next.</summary>
    /// <param name="count">How many numbers.</param>
    /// <param name="blockSize">The most of a block, at least 1.</param>
    public static IEnumerable<ReadOnlyMemory<int>> InBlocks(int count, int blockSize)
    {
        int[] numbers = new int[Math.Min(count, blockSize)];
        for (int first = 0; first < count; first += numbers.Length)
        {
            int length = Math.Min(numbers.Length, count - first);
            Fill(numbers.AsSpan(0, length), first);
            yield return numbers.AsMemory(0, length);
        }
    }

    /// <summary>All rows of a source in their order, in blocks.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="blockSize">The most rows of a block, at least 1.</param>
    /// <param name="cancellationToken">Looked at before every block.</param>
    /// <returns>For each block the number of its first row, and its rows: a batch that is the same for all blocks, and is filled anew for each.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<(int First, RowBatch Rows)> InBlocks(this IRowSource source, int blockSize, CancellationToken cancellationToken = default)
    {
        var batch = new RowBatch(source);
        batch.Reserve(Math.Min(source.Count, blockSize));
        int first = 0;
        foreach (ReadOnlyMemory<int> numbers in InBlocks(source.Count, blockSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Clear();
            source.GatherAll(numbers.Span, batch);
            yield return (first, batch);
            first += numbers.Length;
        }
    }

    /// <summary>Calls <see cref="IRowSource.Gather"/> and looks whether all rows came.</summary>
    /// <exception cref="InvalidOperationException">The source added another number of rows than it was asked for.</exception>
    public static void GatherAll(this IRowSource source, ReadOnlySpan<int> rows, RowBatch batch)
    {
        int before = batch.Count;
        source.Gather(rows, batch);
        if (batch.Count - before != rows.Length)
        {
            throw new InvalidOperationException(
                $"{source.GetType().Name} was asked for {rows.Length} rows and added {batch.Count - before} to the batch; it must add every row once.");
        }
    }
}
