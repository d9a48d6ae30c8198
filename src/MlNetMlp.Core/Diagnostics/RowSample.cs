using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>Some of many rows.</summary>
internal static class RowSample
{
    private const int RowsAtOnce = 64;

    /// <summary>At most <paramref name="wanted"/> different numbers from 0 to <paramref name="count"/> - 1, ascending.</summary>
    public static int[] Draw(int count, int wanted, SeededRandom random)
    {
        int[] numbers = new int[count];
        RowNumbers.Fill(numbers);
        if (wanted >= count)
        {
            return numbers;
        }

        random.Shuffle(numbers);
        Array.Resize(ref numbers, wanted);
        Array.Sort(numbers);
        return numbers;
    }

    /// <summary>The rows with these numbers, in this order, in memory.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SampledRows Copy(IRowSource source, int[] numbers, CancellationToken cancellationToken)
    {
        var copy = new InMemoryRows(source.FeatureCount, source.TargetCount);
        foreach ((_, RowBatch block) in new RowSubset(source, numbers).InBlocks(RowsAtOnce, cancellationToken))
        {
            copy.AddAll(block);
        }

        return new(copy, source, numbers);
    }
}
