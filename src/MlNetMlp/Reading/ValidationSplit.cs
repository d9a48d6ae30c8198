using System.Globalization;

namespace MlNetMlp;

/// <summary>
/// Sets rows aside for validation: those that a column names, whole groups, the newest ones, or else the same part of every class, chosen by a hash of
/// seed and row.
/// </summary>
/// <remarks>Whether a row is chosen depends on the seed, its number and its rivals, not on the order in which anything is computed.</remarks>
internal static class ValidationSplit
{
    /// <summary>The rows to learn from and those to validate on, as the options say; null: all are to be learned from.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="options">Which, and how many.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="InvalidOperationException">One of the parts would be empty.</exception>
    public static (int[] Training, int[] Validation)? Of(TrainingRows rows, MlpTrainerOptions options, int seed)
    {
        float fraction = options.EffectiveValidationFraction;
        if (rows.Roles?.IsValidation is { } isValidation)
        {
            return Parts([.. isValidation]) ?? throw new InvalidOperationException(
                $"The column '{options.ValidationColumnName}' is {(isValidation[0] ? "true" : "false")} in all {isValidation.Count} rows; there must be rows " +
                "to learn from, where it is false, and rows to validate on, where it is true.");
        }

        return fraction == 0 ? null
            : rows.Roles?.Times is { } times ? Parts(ChooseNewest(times, fraction)) ?? throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"The newest {fraction} of {times.Count} rows cannot be set aside for validation: ") +
                (options.TimeColumnName is { } name ? $"all are of one time in column '{name}'." : "there are too few."))
            : rows.Roles?.Groups is { } groups ? Parts(ChooseGroups(groups, fraction, seed)) ?? throw new InvalidOperationException(
                $"All {groups.Count} rows belong to one group in column '{options.GroupColumnName}': at least two are needed, of which one is set aside for " +
                "validation.")
            : Split(rows.Rows.Count, rows.Classes, fraction, seed);
    }

    /// <param name="count">The number of rows.</param>
    /// <param name="classes">The class of each row; null: all are of one kind.</param>
    /// <param name="fraction">The part to set aside, in (0, 1).</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The numbers of the rows of both parts, ascending.</returns>
    /// <exception cref="InvalidOperationException">One of the parts would be empty.</exception>
    public static (int[] Training, int[] Validation) Split(int count, IReadOnlyList<int>? classes, float fraction, int seed)
    {
        return Parts(Choose(count, classes, fraction, seed)) ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"{nameof(MlpTrainerOptions.ValidationFraction)} {fraction} of {count} rows leaves no row for validation; use a larger " +
            $"fraction, more rows, a validation set of its own, or the fraction 0, which goes by the training loss."));
    }

    /// <summary>Whether each row is among the newest: as many as the part says, and those of the same time as the oldest of them. There may be none.</summary>
    /// <param name="times">The time of each row.</param>
    /// <param name="fraction">The part, in (0, 1).</param>
    public static bool[] ChooseNewest(IReadOnlyList<long> times, double fraction)
    {
        long[] sorted = [.. times.Order()];
        if (sorted.Length == 0)
        {
            return [];
        }

        int wanted = Math.Clamp((int)Math.Round(fraction * sorted.Length), 1, sorted.Length);
        long oldest = sorted[^wanted];

        // Rows of the first time of all can only be learned from.
        return [.. times.Select(time => time >= oldest && time > sorted[0])];
    }

    /// <summary>Whether each row belongs to a group that is set aside; there may be none.</summary>
    /// <param name="groups">The group of each row.</param>
    /// <param name="fraction">The part, in (0, 1), of the rows.</param>
    /// <param name="seed">The seed.</param>
    public static bool[] ChooseGroups(IReadOnlyList<long> groups, double fraction, int seed)
    {
        var sizes = groups.CountBy(group => group).OrderBy(pair => Hash(seed, pair.Key)).ToList();
        var chosen = new HashSet<long>();
        double wanted = fraction * groups.Count;
        int taken = 0;
        foreach ((long group, int size) in sizes)
        {
            // One group at least, and never all; else those that bring the sum nearer.
            bool isNearer = Math.Abs(taken + size - wanted) < Math.Abs(taken - wanted);
            if (chosen.Count < sizes.Count - 1 && (isNearer || (chosen.Count == 0 && group == sizes[^2].Key)))
            {
                chosen.Add(group);
                taken += size;
            }
        }

        return [.. groups.Select(chosen.Contains)];
    }

    /// <summary>Whether each row is set aside; there may be none.</summary>
    /// <inheritdoc cref="Split"/>
    public static bool[] Choose(int count, IReadOnlyList<int>? classes, double fraction, int seed)
    {
        bool[] isChosen = new bool[count];
        double wanted = 0;
        int taken = 0;
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, count).GroupBy(row => classes?[row] ?? 0).OrderBy(group => group.Key))
        {
            // What rounding leaves over in one class is carried to the next, so that many small classes come to the right sum. The
            // last row of a class is never taken: a class that is only validated could not be learned.
            int[] all = [.. rows];
            wanted += fraction * all.Length;
            int share = Math.Clamp((int)Math.Round(wanted - taken), 0, all.Length - 1);
            taken += share;
            if (share > 0)
            {
                // No two rows have the same hash, for it is a permutation of all 64-bit numbers.
                ulong[] hashes = Array.ConvertAll(all, row => Hash(seed, row));
                Array.Sort(hashes);
                Array.ForEach(all, row => isChosen[row] = Hash(seed, row) <= hashes[share - 1]);
            }
        }

        return isChosen;
    }

    /// <summary>Both parts, or null if one is empty.</summary>
    private static (int[] Training, int[] Validation)? Parts(bool[] isChosen)
    {
        int[] all = [.. Enumerable.Range(0, isChosen.Length)];
        return isChosen.Contains(true) && isChosen.Contains(false)
            ? ([.. all.Where(row => !isChosen[row])], [.. all.Where(row => isChosen[row])])
            : null;
    }

    /// <summary>The place of a group in the order of a seed: no two groups have the same.</summary>
    public static ulong Hash(int seed, long group) => Mix((ulong)group ^ Mix((uint)seed));

    /// <summary>SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014) of seed and row.</summary>
    private static ulong Hash(int seed, int row)
    {
        return Mix(((ulong)(uint)seed << 32) | (uint)row);
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
