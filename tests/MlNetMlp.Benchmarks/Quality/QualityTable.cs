using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.ML.Trainers.LightGbm;
using MlNetMlp.Benchmarks.Growth;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>The numbers, as Markdown.</summary>
/// <param name="standings">The numbers.</param>
internal sealed class QualityTable(QualityStandings standings)
{
    private static readonly string _version =
        typeof(LightGbmBinaryTrainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What a console shows.</summary>
    public string Short() => $"{Summary()}\n{Metrics()}";

    /// <summary>Everything, as a file; the part from "## Notes" on of a file that is there is a person's, and stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="picture">The name of the picture beside it.</param>
    public void Save(string path, string picture) =>
        File.WriteAllText(path, Text(picture) + (File.Exists(path) ? GrowthTable.NotesOf(File.ReadAllText(path)) : ""));

    private string Text(string picture)
    {
        var text = new StringBuilder();
        text.Append($"""
            # How good the models are

            {Machine.Description()}. {Threads()}. ML.NET {_version}. {Rows()}.

                dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- quality <folder>

            The same for all: texts one-hot, numbers as they are, missing ones as NaN, `Concatenate`; `FeaturizeText` for texts. All trainers of ML.NET and
            scikit-learn (sk-HGB, histogram-based gradient boosting, on the same one-hot columns) have their defaults; only seed and threads are set. SDCA
            also gets means for missing values and features from 0 to 1, as its documentation advises. All numbers are computed by the same code from the
            predictions.

            ![Difference to {QualitySide.Reference} on each set]({picture})

            ## Against {QualitySide.Reference}

            By RMSE or log-loss: a win is less by more than {100 * QualityComparison.Band:0} %, a loss more by more than that. Median and worst: of the
            differences. Fit and processor time: medians over the sets of the ratio; the latter is the time that a training had the processor, which other
            work on the machine lengthens little.

            {Summary()}
            {Losses()}
            ## RMSE or log-loss

            Log-loss in nats, probabilities clipped at 1e-15. In parentheses the difference to {QualitySide.Reference}; the best is bold.

            {Metrics()}
            """.ReplaceLineEndings("\n"));
        Append(text, "Error rate, in %", "The part of the rows whose most probable class is not theirs.", standing => 100 * standing.ErrorRate);
        Append(text, "Area under the ROC curve", "Of two classes; more is better.", standing => standing.AreaUnderCurve);
        Append(text, "Fit, in seconds", "Of the clock, the trainer's `Fit` alone on prepared rows in memory.", standing => standing.FitSeconds);
        Append(text, "Fit, in seconds of the processor", "Over all threads; only of trainings that ran alone.", standing => standing.ProcessorSeconds);
        Append(text, "Scoring, in microseconds per row",
            "One pass over the test rows, the second one, through the data view of ML.NET; of few rows it is mostly the start of the pass.",
            standing => standing.ScoringMicrosecondsPerRow);
        Append(text, "Size of the saved model, in KiB", "The trained transformer as `model.zip`, without the preparation of the rows; of sk-HGB a pickle.",
            standing => standing.Bytes / 1024);
        return text.ToString();
    }

    private string Threads() => standings.Options.Threads is { } threads
        ? $"Every training on {threads} thread{(threads == 1 ? "" : "s")}"
        : "Every training on as many threads as it likes";

    private string Rows()
    {
        string seeds = $"medians over {standings.Options.SeedCount} seed{(standings.Options.SeedCount == 1 ? "" : "s")}";
        return standings.Options.Folds is { } folds
            ? $"Means over {folds} folds of the training files, {seeds}"
            : $"Learned from the training files, computed on the test files; {seeds}";
    }

    private MarkdownTable Summary()
    {
        var table = new MarkdownTable(
            "side", "sets", "win / tie / loss", "median", "worst", "fit time", "processor time", "error rate: win / tie / loss");
        foreach (QualitySide side in standings.Sides.Where(side => side.Name != QualitySide.Reference))
        {
            QualityComparison metric = standings.Compare(side, standing => standing.Metric);
            QualityComparison errors = standings.Compare(side, standing => standing.ErrorRate);
            table.Add(side.Name, Text(metric.Sets.Count), Record(metric), Percent(metric.MedianDifference),
                metric.Sets.Count == 0 ? "" : $"{metric.Worst.Set} {Percent(metric.Worst.Difference)}",
                Ratio(side, standing => standing.FitSeconds), Ratio(side, standing => standing.ProcessorSeconds), Record(errors));
        }

        return table;
    }

    private string Losses()
    {
        var text = new StringBuilder();
        foreach (QualitySide side in standings.Sides.Where(side => side.Code is not null))
        {
            QualityComparison metric = standings.Compare(side, standing => standing.Metric);
            QualityComparison errors = standings.Compare(side, standing => standing.ErrorRate);
            text.Append(CultureInfo.InvariantCulture, $"- {side.Name} loses by RMSE or log-loss: {Names(metric)}. By error rate: {Names(errors)}.\n");
        }

        return text.ToString();
    }

    private MarkdownTable Metrics()
    {
        var table = new MarkdownTable(["set", "rows", "features", "metric", .. standings.Sides.Select(side => side.Name)]);
        foreach (QualitySet set in standings.Sets)
        {
            QualityStanding[] all = [.. standings.Sides.Select(side => standings.Of(set, side)).OfType<QualityStanding>()];
            double best = all.Select(standing => standing.Metric).Where(value => !double.IsNaN(value)).DefaultIfEmpty().Min();
            table.Add(
            [
                set.Name, Text(set.Rows), Text(all[0].Features), set.Task == QualityTask.Regression ? "RMSE" : "log-loss",
                .. standings.Sides.Select(side => Cell(set, side, best)),
            ]);
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

    private void Append(StringBuilder text, string title, string explanation, Func<QualityStanding, double?> value)
    {
        var table = new MarkdownTable(["set", .. standings.Sides.Select(side => side.Name)]);
        bool isEmpty = true;
        foreach (QualitySet set in standings.Sets)
        {
            double?[] values = [.. standings.Sides.Select(side => standings.Of(set, side) is { } standing ? value(standing) : null)];
            if (values.Any(one => one is not null))
            {
                table.Add([set.Name, .. values.Select(one => one is { } number ? Number(number) : "")]);
                isEmpty = false;
            }
        }

        if (!isEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{explanation}\n\n{table}");
        }
    }

    private string Ratio(QualitySide side, Func<QualityStanding, double?> seconds)
    {
        QualityComparison ratios = standings.Compare(side, seconds);
        return ratios.Sets.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ratios.MedianDifference + 1:0.0} x");
    }

    private static string Names(QualityComparison comparison) => comparison.Losses.Count == 0
        ? "none"
        : string.Join(", ", comparison.Losses.Select(one => $"{one.Set} ({Percent(one.Difference)})"));

    /// <summary>Wins, ties and losses.</summary>
    public static string Record(QualityComparison comparison) => $"{comparison.Wins} / {comparison.Ties} / {comparison.Losses.Count}";

    /// <summary>A difference, with its sign.</summary>
    public static string Percent(double difference) => double.IsNaN(difference) ? "" : double.IsInfinity(difference) ? "no number"
        : (100 * difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    private static string Text(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Four digits, but no power of ten.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "failed" : value == 0 ? "0"
        : value.ToString("F" + Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6), CultureInfo.InvariantCulture);
}
