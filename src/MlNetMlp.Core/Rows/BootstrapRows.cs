using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A bootstrap sample: as many rows as another source has, or all rows of as many groups, drawn from it with replacement; no copy of them.
/// </summary>
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
    /// <param name="groups">The group of each row, of which all rows are drawn, or none. Null: every row is drawn by itself.</param>
    /// <param name="cancellationToken">Looked at while the weights are read.</param>
    /// <exception cref="ArgumentException">Rows are to be left out, but less than two, or the rows of less than two groups, have a positive weight.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BootstrapRows Draw(
        IRowSource rows, SeededRandom random, bool leavesSomeOut = false, IReadOnlyList<long>? groups = null, CancellationToken cancellationToken = default)
    {
        float[] weights = new float[rows.Count];
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            block.Weights.CopyTo(weights.AsSpan(first));
        }

        // By their first row, so that the numbers that groups are known by do not matter.
        int[][]? members = groups is null ? null : [.. Enumerable.Range(0, rows.Count).GroupBy(row => groups[row], (_, ofGroup) => ofGroup.ToArray())];
        int withWeight = members?.Count(ofGroup => ofGroup.Any(row => weights[row] > 0)) ?? weights.Count(weight => weight > 0);
        if (leavesSomeOut && withWeight < 2)
        {
            throw new ArgumentException(
                $"Less than two {(groups is null ? "training rows have" : "groups have training rows with")} a positive weight: none could be left out of a " +
                "bag for validation.");
        }

        int[] drawn = [];
        double total = 0, leftOut = 0;

        // Rows of weight 0 alone teach nothing: drawn again, which only happens where hardly any row has a weight, or there are few groups.
        for (int attempt = 0; total == 0 || (leavesSomeOut && leftOut == 0); attempt++)
        {
            SeededRandom own = random.At(attempt);
            drawn = members is null ? [.. Enumerable.Range(0, rows.Count).Select(i => own.Below(rows.Count, i))]
                : [.. members.SelectMany((_, i) => members[own.Below(members.Length, i)])];
            bool[] isDrawn = new bool[rows.Count];
            total = 0;
            foreach (int row in drawn)
            {
                isDrawn[row] = true;
                total += weights[row];
            }

            leftOut = Enumerable.Range(0, rows.Count).Sum(row => isDrawn[row] ? 0.0 : weights[row]);
        }

        if (rows.ShuffleWindow < rows.Count)
        {
            Array.Sort(drawn);
        }

        return new(rows, drawn, total) { LeftOutWeight = leftOut };
    }
}
