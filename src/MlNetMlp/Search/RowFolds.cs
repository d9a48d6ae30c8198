using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>Divides rows into folds: the same part of every class, at random by seed and row.</summary>
internal static class RowFolds
{
    /// <summary>The fold of rows that none is tested on.</summary>
    public const int None = -1;

    /// <summary>The fold of each row.</summary>
    /// <param name="validation">Held-out rows are fold 0, and the others in none; or all rows are in one of several folds.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="classes">The class of each row; null: all are of one kind.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="roles">Which rows belong together, or when they were; null: nothing is known of that.</param>
    /// <exception cref="InvalidOperationException">There are too few rows or groups, or folds where time matters.</exception>
    public static int[] Deal(SearchValidation validation, int count, IReadOnlyList<int>? classes, int seed, RowRoles? roles = null) => validation switch
    {
        HeldOut heldOut => HoldOut(heldOut, count, classes, seed, roles),
        CrossValidation when roles?.Times is not null => throw new InvalidOperationException(
            $"{validation} would evaluate older rows by networks that have learned from newer ones, and the options say that time matters " +
            $"({nameof(MlpTrainerOptions.TimeColumnName)} or {nameof(MlpTrainerOptions.ValidatesLastRows)}); use {nameof(HeldOut)} or a " +
            $"{nameof(ValidationSet)}."),
        CrossValidation folds when roles?.Groups is { } groups => DealGroups(folds.Folds, groups, seed),
        CrossValidation folds => Deal(folds.Folds, count, classes, seed),
        _ => throw new InvalidOperationException($"{validation.GetType().Name} has no folds."),
    };

    private static int[] HoldOut(HeldOut validation, int count, IReadOnlyList<int>? classes, int seed, RowRoles? roles)
    {
        // A seed other than that of the training runs, which choose rows for early stopping by the same method.
        int own = (int)new SearchRandom(seed).Bits;
        bool[] isChosen = roles?.Times is { } times ? ValidationSplit.ChooseNewest(times, validation.Fraction)
            : roles?.Groups is { } groups ? ValidationSplit.ChooseGroups(groups, validation.Fraction, own)
            : ValidationSplit.Choose(count, classes, validation.Fraction, own);
        return isChosen.Contains(true) && isChosen.Contains(false)
            ? [.. isChosen.Select(chosen => chosen ? 0 : None)]
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{nameof(HeldOut)}({validation.Fraction}) of {count} rows leaves no row to measure on; use a larger fraction, more " +
                $"rows, or {nameof(CrossValidation)}."));
    }

    /// <summary>The largest groups first, each into the fold that has the fewest rows: no group is in two folds.</summary>
    private static int[] DealGroups(int folds, IReadOnlyList<long> groups, int seed)
    {
        var sizes = groups.CountBy(group => group).OrderByDescending(pair => pair.Value).ThenBy(pair => ValidationSplit.Hash(seed, pair.Key)).ToList();
        if (sizes.Count < folds)
        {
            throw new InvalidOperationException($"{nameof(CrossValidation)}({folds}) needs at least {folds} groups, and there are {sizes.Count}.");
        }

        int[] rows = new int[folds];
        var foldOf = new Dictionary<long, int>();
        foreach ((long group, int size) in sizes)
        {
            int fold = Array.IndexOf(rows, rows.Min());
            foldOf.Add(group, fold);
            rows[fold] += size;
        }

        return [.. groups.Select(group => foldOf[group])];
    }

    /// <summary>Like cards, from one class to the next without a new start: folds differ by one row at most, in all and of each class.</summary>
    private static int[] Deal(int folds, int count, IReadOnlyList<int>? classes, int seed)
    {
        if (count < folds)
        {
            throw new InvalidOperationException($"{nameof(CrossValidation)}({folds}) needs at least {folds} rows, and there are {count}.");
        }

        var random = new SearchRandom(seed);
        int[] fold = new int[count];
        int dealt = 0;
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, count).GroupBy(row => classes?[row] ?? 0).OrderBy(group => group.Key))
        {
            foreach (int row in rows.OrderBy(row => random.At(row).Bits).ThenBy(row => row))
            {
                fold[row] = dealt++ % folds;
            }
        }

        return fold;
    }
}
