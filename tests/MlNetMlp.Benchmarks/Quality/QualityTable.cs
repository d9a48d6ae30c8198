using System.Globalization;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>The numbers, as Markdown.</summary>
/// <param name="standings">The numbers.</param>
internal sealed class QualityTable(QualityStandings standings)
{
    /// <summary>What a console shows.</summary>
    public string Short() => $"{Summary()}\n{Metrics()}";

    private MarkdownTable Summary()
    {
        var table = new MarkdownTable(
            "side", "sets", "win / tie / loss", "median", "worst", "fit time", "processor time", "error rate: win / tie / loss");
        foreach (QualitySide side in standings.Sides.Where(side => side.Name != QualitySide.Reference))
        {
            QualityComparison metric = standings.Compare(side, standing => standing.Metric);
            QualityComparison errors = standings.Compare(side, standing => standing.ErrorRate);
            table.Add(side.Name, Text(metric.Sets.Count), Record(metric), Percent(metric.MedianDifference), Percent(metric.WorstDifference),
                Ratio(side, standing => standing.FitSeconds), Ratio(side, standing => standing.ProcessorSeconds), Record(errors));
        }

        return table;
    }

    private MarkdownTable Metrics()
    {
        var table = new MarkdownTable(["set", "metric", .. standings.Sides.Select(side => side.Name)]);
        foreach (QualitySet set in standings.Sets)
        {
            double best = standings.Sides.Select(side => standings.Of(set, side)?.Metric ?? double.NaN).Where(value => !double.IsNaN(value)).DefaultIfEmpty().Min();
            table.Add([set.Name, set.Task == QualityTask.Regression ? "RMSE" : "log-loss", .. standings.Sides.Select(side => Cell(set, side, best))]);
        }

        return table;
    }

    private string Cell(QualitySet set, QualitySide side, double best)
    {
        if (standings.Of(set, side) is not { } standing)
        {
            return "";
        }

        if (double.IsNaN(standing.Metric))
        {
            return "failed";
        }

        string number = Number(standing.Metric);
        string text = standing.Metric == best ? $"**{number}**" : number;
        return side.Name == QualitySide.Reference || standings.Reference(set) is not { } reference
            ? text
            : $"{text} ({Percent(QualityComparison.Difference(standing.Metric, reference.Metric))})";
    }

    private string Ratio(QualitySide side, Func<QualityStanding, double?> seconds)
    {
        QualityComparison ratios = standings.Compare(side, seconds);
        return ratios.Sets.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ratios.MedianDifference + 1:0.0} x");
    }

    private static string Record(QualityComparison comparison) => $"{comparison.Wins} / {comparison.Ties} / {comparison.Losses.Count}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double difference) => double.IsNaN(difference) ? "" : double.IsInfinity(difference) ? "no number"
        : (100 * difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Four digits, but no power of ten.</summary>
    private static string Number(double value) => value == 0 ? "0"
        : value.ToString("F" + Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6), CultureInfo.InvariantCulture);
}
