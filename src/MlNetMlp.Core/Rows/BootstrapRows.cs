using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A bootstrap sample: as many rows as another source has, drawn from it with replacement; no copy of them.</summary>
/// <remarks>Bradley Efron, Bootstrap Methods: Another Look at the Jackknife, 1979.</remarks>
internal sealed class BootstrapRows : RowSubset
{
    private const int RowsAtOnce = 64;

    private BootstrapRows(IRowSource rows, int[] drawn, double totalWeight)
        : base(rows, drawn) => TotalWeight = totalWeight;

    /// <summary>The sum of the weights of the drawn rows, greater than 0.</summary>
    public double TotalWeight { get; }

    /// <summary>Draws a sample; in the order of the numbers if the source has not all rows at hand.</summary>
    /// <param name="rows">At least one row, and at least one with a positive weight.</param>
    /// <param name="random">The random numbers of this sample alone.</param>
    /// <param name="cancellationToken">Looked at while the weights are read.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BootstrapRows Draw(IRowSource rows, SeededRandom random, CancellationToken cancellationToken = default)
    {
        float[] weights = new float[rows.Count];
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            block.Weights.CopyTo(weights.AsSpan(first));
        }

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
}
