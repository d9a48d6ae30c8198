using System.Buffers;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A bootstrap sample: as many rows as another source has, drawn from it with replacement; no copy of them.</summary>
/// <remarks>Bradley Efron, Bootstrap Methods: Another Look at the Jackknife, 1979.</remarks>
internal sealed class BootstrapRows : ISparseRowSource
{
    private const int RowsAtOnce = 64;

    private readonly IRowSource _rows;
    private readonly int[] _drawn;

    private BootstrapRows(IRowSource rows, int[] drawn, double totalWeight)
    {
        _rows = rows;
        _drawn = drawn;
        TotalWeight = totalWeight;
    }

    public int Count => _drawn.Length;

    public int FeatureCount => _rows.FeatureCount;

    public int TargetCount => _rows.TargetCount;

    /// <summary>As many rows as it has, and sorted where that matters: what the source has at hand of its own is as much of the sample.</summary>
    public int ShuffleWindow => _rows.ShuffleWindow;

    public bool CanGatherConcurrently => _rows.CanGatherConcurrently;

    public bool IsSparse => _rows.AsSparse() is not null;

    /// <summary>The sum of the weights of the drawn rows, greater than 0.</summary>
    public double TotalWeight { get; }

    /// <summary>The numbers of the drawn rows, in the order in which they were drawn; ascending if the source has not all rows at hand.</summary>
    public ReadOnlySpan<int> Drawn => _drawn;

    /// <summary>Draws a sample.</summary>
    /// <param name="rows">At least one row, and at least one with a positive weight.</param>
    /// <param name="random">The chance of this sample alone.</param>
    /// <param name="cancellationToken">Looked at while the weights are read.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BootstrapRows Draw(IRowSource rows, SeededRandom random, CancellationToken cancellationToken = default)
    {
        float[] weights = Weights(rows, cancellationToken);
        int[] drawn = new int[rows.Count];
        double total = 0;

        // Rows of weight 0 alone teach nothing: drawn again, which only happens where hardly any row has a weight.
        for (int attempt = 0; total == 0; attempt++)
        {
            SeededRandom own = random.At(attempt);
            for (int i = 0; i < drawn.Length; i++)
            {
                drawn[i] = own.Below(drawn.Length, i);
                total += weights[drawn[i]];
            }
        }

        if (rows.ShuffleWindow < rows.Count)
        {
            Array.Sort(drawn);
        }

        return new(rows, drawn, total);
    }

    public void Gather(ReadOnlySpan<int> numbers, Span<float> features, Span<float> targets, Span<float> weights)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            rented[i] = _drawn[numbers[i]];
        }

        _rows.Gather(rented.AsSpan(0, numbers.Length), features, targets, weights);
        ArrayPool<int>.Shared.Return(rented);
    }

    public void Gather(ReadOnlySpan<int> numbers, SparseFeatures features, Span<float> targets, Span<float> weights)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            rented[i] = _drawn[numbers[i]];
        }

        _rows.AsSparse()!.Gather(rented.AsSpan(0, numbers.Length), features, targets, weights);
        ArrayPool<int>.Shared.Return(rented);
    }

    private static float[] Weights(IRowSource rows, CancellationToken cancellationToken)
    {
        float[] all = new float[rows.Count];
        var block = new RowBlock(rows, RowsAtOnce, cancellationToken);
        for (int first = 0; block.Read(first); first += block.Rows)
        {
            block.Weights.CopyTo(all.AsSpan(first));
        }

        return all;
    }
}
