using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>Trials for reading, and for other programs.</summary>
/// <param name="names">The labels of the dimensions.</param>
/// <param name="metric">The name of the metric.</param>
/// <param name="goal">Which values of it are better.</param>
/// <param name="folds">The number of training runs of each trial.</param>
/// <param name="prunes">Whether training runs are compared by their losses, so that these are a part of what another search goes on from.</param>
/// <param name="trials">The trials, by their number.</param>
internal sealed class SearchTable(
    IReadOnlyList<string> names, string metric, SearchGoal goal, int folds, bool prunes, IReadOnlyList<SearchTrial> trials)
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Headings, and behind them the trials, the best one first; those with equal means, and failed ones, by their number.</summary>
    public string[][] ToRows()
    {
        bool hasFolds = trials.Any(trial => trial.StandardDeviation is not null), hasErrors = trials.Any(trial => trial.Error is not null);
        double sign = goal == SearchGoal.Minimize ? 1 : -1;
        string[] Deviation(string text) => hasFolds ? [text] : [];
        string[] Error(string text) => hasErrors ? [text] : [];
        return
        [
            ["trial", .. names, metric, .. Deviation("deviation"), "epochs", "seconds", .. Error("error")],
            .. trials.OrderBy(trial => trial.Mean is { } mean ? sign * mean : double.PositiveInfinity).Select(trial => (string[])
            [
                trial.Number.ToString(_culture),
                .. names.Select(name => Find(trial.Values, name)?.Text ?? ""),
                trial.Mean?.ToString("F4", _culture) ?? "failed",
                .. Deviation(trial.StandardDeviation?.ToString("F4", _culture) ?? ""),
                (trial.Epochs?.ToString("0.#", _culture) ?? "") + (trial.IsPruned ? " pruned" : ""),
                trial.Elapsed.TotalSeconds.ToString("F1", _culture),
                .. Error(OneLine(trial.Error?.Message)),
            ]),
        ];
    }

    /// <summary>The same in aligned columns.</summary>
    public string ToText()
    {
        // Numbers end at the right; errors, in the last column, begin at the left.
        string[][] rows = ToRows();
        int errors = trials.Any(trial => trial.Error is not null) ? rows[0].Length - 1 : -1;
        int[] widths = [.. rows[0].Select((_, i) => i == errors ? 0 : rows.Max(row => row[i].Length))];
        return string.Join(Environment.NewLine, rows.Select(row => string.Join("  ", row.Select((cell, i) => cell.PadLeft(widths[i]))).TrimEnd()));
    }

    /// <summary>One line for each trial behind a line of headings.</summary>
    public IEnumerable<string> ToCsv() => trials.Select(trial => (IEnumerable<string>)
    [
        trial.Number.ToString(_culture),
        .. names.Select(name => Exact(trial.Values, name)),
        Exact(trial.Mean),
        Exact(trial.StandardDeviation),
        .. Enumerable.Range(0, folds).Select(fold => Exact(Find(trial, fold)?.Value)),
        Exact(trial.Epochs),
        Exact(trial.Elapsed.TotalSeconds),
        OneLine(trial.Error?.Message),
        .. Enumerable.Range(0, folds).Select(fold => Find(trial, fold)).SelectMany(fold => (string[])
            [Exact(fold?.Epochs), Exact(fold?.BestEpoch), Exact(fold?.Elapsed.TotalSeconds),
                .. prunes ? [LossesOf(fold)] : Array.Empty<string>()]),
    ]).Prepend(Headings(names, metric, folds, prunes)).Select(cells => string.Join(',', cells.Select(Quote)));

    /// <summary>The columns of a table for other programs.</summary>
    public static IEnumerable<string> Headings(IReadOnlyList<string> names, string metric, int folds, bool prunes)
    {
        IEnumerable<string> numbered = Enumerable.Range(1, folds).Select(fold => string.Create(_culture, $"fold {fold}"));
        return
        [
            "trial", .. names, metric, "deviation", .. numbered, "epochs", "seconds", "error",
            .. numbered.SelectMany(fold => (string[])[$"{fold} epochs", $"{fold} best epoch", $"{fold} seconds",
                .. prunes ? [$"{fold} losses"] : Array.Empty<string>()]),
        ];
    }

    /// <summary>A value with all its digits; empty if a point has none of this name.</summary>
    public static string Exact(IReadOnlyList<SearchValue> values, string name) =>
        Find(values, name) is { } value ? value.Value is float number ? number.ToString("R", _culture) : value.Text : "";

    private static SearchValue? Find(IReadOnlyList<SearchValue> values, string name) => values.FirstOrDefault(value => value.Name == name);

    private static FoldScore? Find(SearchTrial trial, int fold) => fold < trial.Folds.Count ? trial.Folds[fold] : null;

    /// <summary>The losses, behind the word <c>pruned</c> where the training was ended.</summary>
    private static string LossesOf(FoldScore? fold) =>
        (fold?.IsPruned == true ? "pruned " : "") + string.Join(' ', (fold?.Losses ?? []).Select(loss => loss.ToString("R", _culture)));

    private static string Exact(double? value) => value?.ToString("R", _culture) ?? "";

    private static string OneLine(string? text) => text?.ReplaceLineEndings(" ") ?? "";

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
