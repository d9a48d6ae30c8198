namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Cuts rows into folds, the same ones for everybody.</summary>
internal static class Folds
{
    /// <summary>The fold of each row: every fold has its share of every class, to one row, and of all rows.</summary>
    /// <param name="classes">The class of each row; all the same where there are no classes.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="seed">Another seed gives other folds.</param>
    public static int[] Assign(IReadOnlyList<int> classes, int folds, int seed)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, classes.Count)];
        random.Shuffle(order);

        // A stable sort: within a class the rows stay shuffled.
        order = [.. order.OrderBy(row => classes[row])];
        int[] fold = new int[classes.Count];
        for (int i = 0; i < order.Length; i++)
        {
            fold[order[i]] = i % folds;
        }

        return fold;
    }
}
