using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.CrossFitted"/>.</summary>
internal sealed record CrossFittedEnsemble(int Count) : Ensemble(Count)
{
    /// <summary>The first part of the address of the folds' random numbers, beside those of the first member, which has the same seed.</summary>
    private const int FoldAddress = (1 << 20) + 1;

    private const int RowsAtOnce = 64;
    private const int WithoutWeight = int.MaxValue;

    internal override bool HoldsOut => true;

    internal override bool KeepsGroups => true;

    internal override int FewestRows => Members;

    internal override Ensemble WithoutHeldOut => Seeds(Members);

    internal override MemberRows RowsOf(
        IRowSource rows, Loss loss, IReadOnlyList<long>? groups, int seed, int number, CancellationToken cancellationToken)
    {
        int[] classes = new int[rows.Count];
        float[] weights = new float[rows.Count];
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            for (int i = 0; i < block.Count; i++)
            {
                weights[first + i] = block.Weights[i];

                // Rows without a weight are dealt out by themselves, so that every fold has its share of the others.
                classes[first + i] = block.Weights[i] == 0 ? WithoutWeight : loss is ClassificationLoss known ? known.ClassOf(block.TargetsOf(i)[0]) : 0;
            }
        }

        SeededRandom random = new SeededRandom(seed).At(FoldAddress);
        int[] folds = groups is null ? Folds(classes, random) : FoldsOfGroups(groups, weights, random);
        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(row => folds[row] != number)];
        int[] heldOut = [.. Enumerable.Range(0, rows.Count).Where(row => folds[row] == number)];
        double weight = kept.Sum(row => (double)weights[row]), heldOutWeight = heldOut.Sum(row => (double)weights[row]);
        return weight > 0 && heldOutWeight > 0
            ? new(new RowSubset(rows, kept), weight) { HeldOut = new RowSubset(rows, heldOut), HeldOutWeight = heldOutWeight }
            : throw new ArgumentException(FormattableString.Invariant(
                $"{nameof(MlpTrainingOptions.Ensemble)} is {this}, but in fold {number + 1}, or in all others, no row has a positive weight: each of the ") +
                FormattableString.Invariant($"{Count} folds needs such a row, and there are {weights.Count(value => value > 0)}."));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} cross-fitted networks");

    /// <summary>
    /// The fold of each row: the groups, the largest first and those of one size in random order, go to the fold with the fewest rows, and those without any
    /// weight where they do not count.
    /// </summary>
    private int[] FoldsOfGroups(IReadOnlyList<long> groups, float[] weights, SeededRandom random)
    {
        // By their first row, so that the numbers that they are known by do not matter.
        IGrouping<long, int>[] all = [.. Enumerable.Range(0, weights.Length).GroupBy(row => groups[row])];
        int withWeight = all.Count(group => group.Any(row => weights[row] > 0));
        if (withWeight < Count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{nameof(MlpTrainingOptions.Ensemble)} is {this}, but only {withWeight} groups have rows with a weight: each fold needs one."));
        }

        int[] order = new int[all.Length], folds = new int[weights.Length], rowsOf = new int[Count];
        RowNumbers.Fill(order);
        random.Shuffle(order);
        foreach (IGrouping<long, int> group in order.Select(number => all[number]).OrderByDescending(group => group.Count(row => weights[row] > 0)))
        {
            int fold = Array.IndexOf(rowsOf, rowsOf.Min());
            rowsOf[fold] += group.Count(row => weights[row] > 0);
            foreach (int row in group)
            {
                folds[row] = fold;
            }
        }

        return folds;
    }

    /// <summary>The fold of each row: in random order, the rows of one class after those of another, they are dealt out in turn.</summary>
    private int[] Folds(int[] classes, SeededRandom random)
    {
        int[] order = new int[classes.Length], folds = new int[classes.Length];
        RowNumbers.Fill(order);
        random.Shuffle(order);
        int place = 0;
        foreach (int row in order.OrderBy(row => classes[row]))
        {
            folds[row] = place++ % Count;
        }

        return folds;
    }
}
