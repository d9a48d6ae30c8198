using System.Buffers;

namespace MlNetMlp;

/// <summary>Rows chosen from another source, without a copy of them.</summary>
/// <param name="source">The rows to choose from.</param>
/// <param name="rows">
/// The numbers of the chosen rows, of which the same may come several times; from all over the source, and ascending if it has not all rows at hand.
/// </param>
internal class RowSubset(IRowSource source, int[] rows) : IDerivedRows
{
    public int Count => rows.Length;

    public int FeatureCount => source.FeatureCount;

    public int TargetCount => source.TargetCount;

    public bool IsSparse => source.IsSparse;

    /// <summary>As many as are chosen of those that the source has at hand.</summary>
    public int ShuffleWindow => source.ShuffleWindow < source.Count
        ? (int)Math.Max(1, (long)source.ShuffleWindow * rows.Length / source.Count)
        : int.MaxValue;

    public bool CanGatherConcurrently => source.CanGatherConcurrently;

    /// <summary>The numbers that the rows have in the source.</summary>
    public ReadOnlySpan<int> Numbers => rows;

    public (IRowSource Source, int Row) OriginOf(int row) => (source, rows[row]);

    public void Gather(ReadOnlySpan<int> numbers, RowBatch batch)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(numbers.Length);
        try
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                rented[i] = rows[numbers[i]];
            }

            source.Gather(rented.AsSpan(0, numbers.Length), batch);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }
}
