namespace MlNetMlp.Search;

/// <summary>How much of the differences between trials an option explains by itself.</summary>
internal static class SearchImportance
{
    private const int MostBins = 5, RowsOfBin = 4;

    /// <summary>
    /// Epsilon squared, <c>(SSB - (k - 1) MSW) / SST</c>, of the metric in k groups of trials with values near each other: the share of its variance that lies
    /// between the groups, less what as many groups have by mere accident (Kelley 1935); 0 if that is less. Null where there are too few trials.
    /// </summary>
    /// <param name="trials">The trials that did not fail and have the option.</param>
    /// <param name="name">The option.</param>
    public static double? Of(IReadOnlyList<SearchTrial> trials, string name)
    {
        (object? Value, double Mean)[] points = [.. trials
            .Select(trial => (trial.Values.FirstOrDefault(value => value.Name == name), trial.Mean))
            .Where(pair => pair.Item1 is not null && pair.Mean is not null)
            .Select(pair => (Number(pair.Item1!) ?? (object?)pair.Item1!.Text, pair.Mean!.Value))];
        double[][] groups = Groups(points);
        int n = points.Length, k = groups.Length;
        if (k < 2 || n <= k)
        {
            return null;
        }

        double mean = points.Average(point => point.Mean);
        double total = points.Sum(point => Square(point.Mean - mean)), between = groups.Sum(group => group.Length * Square(group.Average() - mean));
        return total > 0 ? Math.Max(0, (between - (k - 1) * (total - between) / (n - k)) / total) : 0;
    }

    /// <summary>The value as a number, or null.</summary>
    public static double? Number(SearchValue value) => value.Value switch
    {
        float number => number,
        int number => number,
        double number => number,
        long number => number,
        _ => null,
    };

    /// <summary>Trials of the same choice; or of numbers, as many of the lowest as of those behind them, and so on.</summary>
    private static double[][] Groups((object? Value, double Mean)[] points)
    {
        if (Array.Exists(points, point => point.Value is not double) || points.Select(point => point.Value).Distinct().Count() <= MostBins)
        {
            return [.. points.GroupBy(point => point.Value).Select(group => group.Select(point => point.Mean).ToArray())];
        }

        int bins = Math.Clamp(points.Length / RowsOfBin, 2, MostBins);
        double[] sorted = [.. points.OrderBy(point => (double)point.Value!).Select(point => point.Mean)];
        return [.. Enumerable.Range(0, bins).Select(bin => sorted[(bin * sorted.Length / bins)..((bin + 1) * sorted.Length / bins)])];
    }

    private static double Square(double value) => value * value;
}
