using System.Globalization;
namespace MlNetMlp;

/// <summary>Sets rows aside for validation: the same part of every class, chosen by a hash of seed and row.</summary>
/// <remarks>Whether a row is chosen depends on the seed, its number and its rivals, not on the order in which anything is computed.</remarks>
internal static class ValidationSplit
{
    /// <param name="count">The number of rows.</param>
    /// <param name="classes">The class of each row; null: all are of one kind.</param>
    /// <param name="fraction">The part to set aside, in (0, 1).</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The numbers of the rows of both parts, ascending.</returns>
    /// <exception cref="InvalidOperationException">One of the parts would be empty.</exception>
    public static (int[] Training, int[] Validation) Split(int count, IReadOnlyList<int>? classes, float fraction, int seed)
    {
        bool[] isChosen = Choose(count, classes, fraction, seed);
        if (!isChosen.Contains(true))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{nameof(MlpTrainerOptions.ValidationFraction)} {fraction} of {count} rows leaves no row for validation; use a larger " +
                $"fraction, more rows, a validation set of its own, or the fraction 0, which goes by the training loss."));
        }

        return ([.. Enumerable.Range(0, count).Where(row => !isChosen[row])], [.. Enumerable.Range(0, count).Where(row => isChosen[row])]);
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

    /// <summary>SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014) of seed and row.</summary>
    private static ulong Hash(int seed, int row)
    {
        ulong z = (((ulong)(uint)seed << 32) | (uint)row) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
