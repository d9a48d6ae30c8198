using System.Buffers;

namespace MlNetMlp;

/// <summary>Some of the rows of another source, without a copy of them.</summary>
/// <param name="source">The rows to choose from.</param>
/// <param name="rows">The numbers of the chosen rows, ascending and from all over the source.</param>
internal sealed class RowSubset(IRowSource source, int[] rows) : ISparseRowSource
{
    public int Count => rows.Length;

    public int FeatureCount => source.FeatureCount;

    public int TargetCount => source.TargetCount;

    /// <summary>As many as are chosen of those that the source has at hand.</summary>
    public int ShuffleWindow => source.ShuffleWindow < source.Count
        ? (int)Math.Max(1, (long)source.ShuffleWindow * rows.Length / source.Count)
        : int.MaxValue;

    public bool CanGatherConcurrently => source.CanGatherConcurrently;

    public bool IsSparse => source is ISparseRowSource { IsSparse: true };

    public void Gather(ReadOnlySpan<int> numbers, Span<float> features, Span<float> targets, Span<float> weights)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(numbers.Length);
        try
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                rented[i] = rows[numbers[i]];
            }

            source.Gather(rented.AsSpan(0, numbers.Length), features, targets, weights);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    public void Gather(ReadOnlySpan<int> numbers, SparseFeatures features, Span<float> targets, Span<float> weights)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(numbers.Length);
        try
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                rented[i] = rows[numbers[i]];
            }

            ((ISparseRowSource)source).Gather(rented.AsSpan(0, numbers.Length), features, targets, weights);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }
}
