namespace MlNetMlp.Benchmarks.Quality;

/// <summary>One side against another over sets, by a metric of which less is better.</summary>
/// <param name="Sets">The sets that both have, with <see cref="Difference"/> on each.</param>
internal sealed record QualityComparison(IReadOnlyList<(string Set, double Difference)> Sets)
{
    /// <summary>Differences of at most this are a tie.</summary>
    public const double Band = 0.01;

    public int Wins => Sets.Count(one => one.Difference < -Band);

    public int Ties => Sets.Count - Wins - Losses.Count;

    /// <summary>The sets that are lost, the worst first.</summary>
    public IReadOnlyList<(string Set, double Difference)> Losses =>
        [.. Sets.Where(one => one.Difference > Band).OrderByDescending(one => one.Difference)];

    public double MedianDifference => Median(Sets.Select(one => one.Difference));

    /// <summary>Where it does worst; there must be sets.</summary>
    public (string Set, double Difference) Worst => Sets.MaxBy(one => one.Difference);

    /// <summary>
    /// <c>value / reference - 1</c>: -0.1 is better by 10 %. Infinite where there is no value (NaN), or one above a reference of 0; 0 if both are 0.
    /// </summary>
    public static double Difference(double value, double reference) =>
        value == reference ? 0 : double.IsNaN(value) || reference == 0 ? double.PositiveInfinity : (value / reference) - 1;

    /// <summary>The middle one, or the mean of the two in the middle; NaN of none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
