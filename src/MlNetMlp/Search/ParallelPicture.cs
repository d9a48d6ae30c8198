using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>The trials of a search in parallel coordinates (Inselberg, The Plane with Parallel Coordinates, 1985).</summary>
/// <param name="names">The options.</param>
/// <param name="metric">The metric.</param>
/// <param name="goal">Whether less of it is better.</param>
/// <param name="trials">The trials.</param>
internal sealed class ParallelPicture(IReadOnlyList<string> names, string metric, SearchGoal goal, IReadOnlyList<SearchTrial> trials)
{
    private const double Left = 110, Top = 118, Gap = 160, Height = 300, Absent = 30;

    /// <summary>The part of the trials that is marked.</summary>
    private const double GoodShare = 0.25;

    private static readonly SvgRule[] _style =
    [
        new(".trial", "stroke", "#9aa2af", "#5d6675"),
        new(".trial", "stroke-opacity", "0.6"),
        new(".good", "stroke", "#2f6fde", "#6ea3ff"),
        new(".pruned", "stroke", "#9aa2af", "#5d6675"),
        new(".pruned", "stroke-dasharray", "4 4"),
        new(".best", "stroke", "#d9650b", "#ffa057"),
        new(".best", "stroke-width", "3"),
        new(".line", "fill", "none"),
        new(".line", "stroke-linejoin", "round"),
        new(".line:hover", "stroke-width", "4"),
        new(".y", "paint-order", "stroke"),
        new(".y", "stroke", "#ffffff", "#14171d"),
        new(".y", "stroke-width", "4"),
        new(".y", "stroke-linejoin", "round"),
    ];

    /// <summary>Those that did not fail, those that were pruned and the worst first, so that the better ones lie above them.</summary>
    private readonly SearchTrial[] _good = [.. trials.Where(trial => trial.Mean is not null).OrderBy(trial => !trial.IsPruned)
        .ThenByDescending(trial => (goal == SearchGoal.Minimize ? 1 : -1) * trial.Mean!.Value)];

    public string ToSvg()
    {
        bool[] hasAbsent = [.. names.Select(name => Array.Exists(_good, trial => Find(trial, name) is null)), false];
        double height = Top + Height + (hasAbsent.Contains(true) ? Absent : 0) + 40;
        var document = new SvgDocument("Search", Math.Max(660, Left + (names.Count * Gap) + 60), height, _style);
        string better = goal == SearchGoal.Minimize ? "lower" : "higher";
        document.AddHead(24, string.Create(CultureInfo.InvariantCulture,
            $"{_good.Length} trials by the {metric}, the {better} the better; the best quarter and the best are marked")
            + SearchPicture.Pruned(_good, "dashed"));
        Axis[] axes = [.. names.Select(AxisOf), new Axis(metric, new CurveAxis(_good.Select(trial => trial.Mean!.Value), room: 6), null)];
        int marked = (int)Math.Ceiling(GoodShare * _good.Count(trial => !trial.IsPruned));
        for (int n = 0; n < _good.Length; n++)
        {
            string style = n == _good.Length - 1 ? "best" : _good[n].IsPruned ? "pruned" : n >= _good.Length - marked ? "good" : "trial";
            DrawTrial(document, _good[n], axes, style);
        }

        for (int i = 0; i < axes.Length; i++)
        {
            DrawAxis(document, axes[i], Left + (i * Gap), hasAbsent[i]);
        }

        return document.ToString();
    }

    private static SearchValue? Find(SearchTrial trial, string name) => trial.Values.FirstOrDefault(value => value.Name == name);

    private Axis AxisOf(string name)
    {
        SearchValue[] values = [.. _good.Select(trial => Find(trial, name)).OfType<SearchValue>()];
        double[] numbers = [.. values.Select(SearchImportance.Number).OfType<double>()];
        if (numbers.Length > 0 && numbers.Length == values.Length)
        {
            return new(name, SearchPicture.Scale(numbers), null);
        }

        string[] choices = [.. values.Select(value => value.Text).Distinct().Order(StringComparer.Ordinal)];
        return new(name, CurveAxis.Between(-0.5, Math.Max(0.5, choices.Length - 0.5), room: 4), choices);
    }

    private void DrawTrial(SvgDocument document, SearchTrial trial, Axis[] axes, string style)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        document.Body.Append(culture, $"<path class=\"line {style}\" d=\"");
        for (int i = 0; i < axes.Length; i++)
        {
            double y = i == names.Count ? axes[i].Y(trial.Mean!.Value)
                : Find(trial, names[i]) is { } value ? axes[i].Y(value)
                : Top + Height + Absent;
            document.Body.Append(culture, $"{(i == 0 ? 'M' : 'L')}{Left + (i * Gap):0.##} {y:0.##}");
        }

        document.Body.Append(culture, $"\"><title>{SvgDocument.Escape(trial.ToString())}</title></path>\n");
    }

    private static void DrawAxis(SvgDocument document, Axis axis, double x, bool hasAbsent)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string scale = axis.Scale.IsLogarithmic ? " (log)" : "";
        document.AddText("x title", x, Top - 16, SvgDocument.Shortened(axis.Name, 20) + scale);
        document.Body.Append(culture, $"<path class=\"frame\" d=\"M{x:0.##} {Top}v{Height}\"/>\n");
        foreach (double tick in axis.Choices is null ? axis.Scale.Ticks : [])
        {
            document.AddText("y", x - 7, axis.Y(tick) + 4, CurveAxis.Text(tick));
        }

        for (int i = 0; i < axis.Choices?.Count; i++)
        {
            document.AddText("y", x - 7, axis.Y(i) + 4, SvgDocument.Shortened(axis.Choices[i], 14));
        }

        if (hasAbsent)
        {
            document.AddText("y note", x - 7, Top + Height + Absent + 4, "none");
        }
    }

    /// <param name="Name">What it shows.</param>
    /// <param name="Scale">Its scale.</param>
    /// <param name="Choices">The names of the places 0, 1 and so on; null: numbers.</param>
    private sealed record Axis(string Name, CurveAxis Scale, IReadOnlyList<string>? Choices)
    {
        public double Y(double number) => Top + (Height * (1 - Scale.Position(number)));

        public double Y(SearchValue value) =>
            Y(Choices is null ? SearchImportance.Number(value)!.Value : Choices.Select((text, i) => (text, i)).First(one => one.text == value.Text).i);
    }
}
