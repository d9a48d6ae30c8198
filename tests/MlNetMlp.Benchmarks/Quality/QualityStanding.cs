namespace MlNetMlp.Benchmarks.Quality;

/// <summary>How one side does on one set: medians over the seeds, of folds the mean over them first.</summary>
/// <param name="Metric">RMSE or log-loss; NaN if any training failed.</param>
/// <param name="ErrorRate">Of classes.</param>
/// <param name="AreaUnderCurve">Of two classes.</param>
/// <param name="FitSeconds">The median over all trainings.</param>
/// <param name="ProcessorSeconds">The median over all trainings of which it is known.</param>
/// <param name="ScoringMicrosecondsPerRow">The median over all trainings.</param>
/// <param name="Bytes">The median over all trainings.</param>
/// <param name="Features">How many slots the features have; of folds, the median.</param>
internal sealed record QualityStanding(
    double Metric, double? ErrorRate, double? AreaUnderCurve, double FitSeconds, double? ProcessorSeconds, double ScoringMicrosecondsPerRow, double Bytes,
    int Features)
{
    /// <param name="results">Those of one side on one set.</param>
    /// <param name="folds">How many there are of each seed.</param>
    /// <returns>Null if no seed is complete.</returns>
    public static QualityStanding? Of(IEnumerable<QualityResult> results, int folds)
    {
        QualityResult[][] seeds = [.. results.GroupBy(result => result.Seed).Select(seed => seed.ToArray()).Where(seed => seed.Length == folds)];
        if (seeds.Length == 0)
        {
            return null;
        }

        QualityResult[] all = [.. seeds.SelectMany(seed => seed)];
        double Median(Func<QualityResult, double> value) => QualityComparison.Median(all.Select(value));
        double? MedianOfMeans(Func<QualityResult, double?> value) =>
            all.Any(result => value(result) is null) ? null : QualityComparison.Median(seeds.Select(seed => seed.Average(result => value(result)!.Value)));
        double[] processor = [.. all.Where(result => result.ProcessorSeconds is not null).Select(result => result.ProcessorSeconds!.Value)];
        return new QualityStanding(
            all.Any(result => double.IsNaN(result.Metric)) ? double.NaN : MedianOfMeans(result => result.Metric)!.Value,
            MedianOfMeans(result => result.ErrorRate),
            MedianOfMeans(result => result.AreaUnderCurve),
            Median(result => result.FitSeconds),
            processor.Length == 0 ? null : QualityComparison.Median(processor),
            Median(result => result.ScoringMicrosecondsPerRow),
            Median(result => result.Bytes),
            (int)Median(result => result.Features));
    }
}
