using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A bootstrap sample: as many rows as another source has, drawn from it with replacement; no copy of them.</summary>
/// <remarks>Bradley Efron, Bootstrap Methods: Another Look at the Jackknife, 1979.</remarks>
internal sealed class BootstrapRows : RowSubset
{
    private const int RowsAtOnce = 64;

    private readonly IRowSource _rows;

    private BootstrapRows(IRowSource rows, int[] drawn, double totalWeight)
        : base(rows, drawn) => (_rows, TotalWeight) = (rows, totalWeight);

    /// <summary>The sum of the weights of the drawn rows, greater than 0.</summary>
    public double TotalWeight { get; }

    /// <summary>The sum of the weights of the rows that were not drawn.</summary>
    public double LeftOutWeight { get; private init; }

    /// <summary>The rows that were not drawn, in the order of their numbers.</summary>
    public RowSubset LeftOut
    {
        get
        {
            bool[] isDrawn = new bool[_rows.Count];
            foreach (int row in Numbers)
            {
                isDrawn[row] = true;
            }

            return new(_rows, [.. Enumerable.Range(0, isDrawn.Length).Where(row => !isDrawn[row])]);
        }
    }

    /// <summary>Draws a sample; in the order of the numbers if the source has not all rows at hand.</summary>
    /// <param name="rows">At least one row, and at least one with a positive weight.</param>
    /// <param name="random">The random numbers of this sample alone.</param>
    /// <param name="leavesSomeOut">Whether rows with a positive weight must be left out.</param>
    /// <param name="cancellationToken">Looked at while the weights are read.</param>
    /// <exception cref="ArgumentException">Rows are to be left out, but less than two have a positive weight.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BootstrapRows Draw(IRowSource rows, SeededRandom random, bool leavesSomeOut = false, CancellationToken cancellationToken = default)
    {
        float[] weights = new float[rows.Count];
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            block.Weights.CopyTo(weights.AsSpan(first));
        }

        if (leavesSomeOut && weights.Count(weight => weight > 0) < 2)
        {
            throw new ArgumentException("Less than two training rows have a positive weight: none could be left out of a bag for validation.");
        }

        int[] drawn = new int[rows.Count];
        double total = 0, leftOut = 0;

        // Rows of weight 0 alone teach nothing: drawn again, which only happens where hardly any row has a weight.
        for (int attempt = 0; total == 0 || (leavesSomeOut && leftOut == 0); attempt++)
        {
            SeededRandom own = random.At(attempt);
            bool[] isDrawn = new bool[drawn.Length];
            total = 0;
            for (int i = 0; i < drawn.Length; i++)
            {
                drawn[i] = own.Below(drawn.Length, i);
                isDrawn[drawn[i]] = true;
                total += weights[drawn[i]];
            }

            leftOut = Enumerable.Range(0, drawn.Length).Sum(row => isDrawn[row] ? 0.0 : weights[row]);
        }

        if (rows.ShuffleWindow < rows.Count)
        {
            Array.Sort(drawn);
        }

        return new(rows, drawn, total) { LeftOutWeight = leftOut };
    }
}
