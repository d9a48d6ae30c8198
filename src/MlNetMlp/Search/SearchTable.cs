using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>Trials for reading, and for other programs.</summary>
internal sealed class SearchTable(IReadOnlyList<string> names, string metric, SearchGoal goal, IReadOnlyList<SearchTrial> trials)
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Aligned columns, the best trial first; trials with equal means, and failed ones, by their number.</summary>
    public string ToText()
    {
        bool hasFolds = trials.Any(trial => trial.StandardDeviation is not null);
        double sign = goal == SearchGoal.Minimize ? 1 : -1;
        string[][] rows =
        [
            [.. names.Prepend("trial"), metric, .. hasFolds ? ["deviation"] : Array.Empty<string>(), "epochs", "seconds", "error"],
            .. trials.OrderBy(trial => trial.Mean is { } mean ? sign * mean : double.PositiveInfinity).Select(trial => (string[])
            [
                trial.Number.ToString(_culture),
                .. names.Select(name => Find(trial, name)?.Text ?? ""),
                trial.Mean?.ToString("F4", _culture) ?? "failed",
                .. hasFolds ? [trial.StandardDeviation?.ToString("F4", _culture) ?? ""] : Array.Empty<string>(),
                trial.Epochs?.ToString("0.#", _culture) ?? "",
                trial.Elapsed.TotalSeconds.ToString("F1", _culture),
                OneLine(trial.Error?.Message),
            ]),
        ];

        // A column of errors only where there are any; texts begin at the left, numbers end at the right.
        int columns = rows[0].Length - (trials.Any(trial => trial.Error is not null) ? 0 : 1);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Max(row => row[column].Length))];
        return string.Join(Environment.NewLine, rows.Select(row =>
            string.Join("  ", row.Take(columns).Select((cell, i) => i == rows[0].Length - 1 ? cell : cell.PadLeft(widths[i]))).TrimEnd()));
    }

    /// <summary>One line for each trial behind a line of headings.</summary>
    public IEnumerable<string> ToCsv()
    {
        int folds = trials.Max(trial => trial.Folds.Count);
        IEnumerable<string> headings =
        [
            "trial", .. names, metric, "deviation", .. Enumerable.Range(1, folds).Select(fold => string.Create(_culture, $"fold {fold}")), "epochs",
                "seconds", "error",
        ];
        return trials.Select(trial => (IEnumerable<string>)
        [
            trial.Number.ToString(_culture),
            .. names.Select(name => Exact(Find(trial, name))),
            Exact(trial.Mean),
            Exact(trial.StandardDeviation),
            .. Enumerable.Range(0, folds).Select(fold => fold < trial.Folds.Count ? Exact(trial.Folds[fold].Value) : ""),
            Exact(trial.Epochs),
            Exact(trial.Elapsed.TotalSeconds),
            OneLine(trial.Error?.Message),
        ]).Prepend(headings).Select(cells => string.Join(',', cells.Select(Quote)));
    }

    private static SearchValue? Find(SearchTrial trial, string name) => trial.Values.FirstOrDefault(value => value.Name == name);

    private static string Exact(double? value) => value?.ToString("R", _culture) ?? "";

    private static string Exact(SearchValue? value) => value?.Value is float number ? number.ToString("R", _culture) : value?.Text ?? "";

    private static string OneLine(string? text) => text?.ReplaceLineEndings(" ") ?? "";

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
