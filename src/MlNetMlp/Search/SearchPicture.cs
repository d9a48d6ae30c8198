using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>The trials of a search as dots: one diagram for each option, of its values and the metric.</summary>
/// <param name="names">The options.</param>
/// <param name="importance">What each explains, of those of which that is known.</param>
/// <param name="metric">The metric.</param>
/// <param name="goal">Whether less of it is better.</param>
/// <param name="trials">The trials.</param>
internal sealed class SearchPicture(
    IReadOnlyList<string> names, IReadOnlyDictionary<string, double> importance, string metric, SearchGoal goal, IReadOnlyList<SearchTrial> trials)
{
    private const int Across = 3;
    private const double Left = 72, Top = 104, Height = 190, GapX = 78, GapY = 86;

    /// <summary>Numbers above 0 whose largest is so many times the smallest are shown on a logarithmic scale.</summary>
    private const double Wide = 20;

    private static readonly SvgRule[] _style =
    [
        new(".trial", "fill", "#2f6fde", "#6ea3ff"),
        new(".trial", "fill-opacity", "0.6"),
        new(".best", "fill", "#d9650b", "#ffa057"),
        new(".pruned", "fill", "none"),
        new(".pruned", "stroke", "#9aa2af", "#5d6675"),
    ];

    private readonly SearchTrial[] _good = [.. trials.Where(trial => trial.Mean is not null)];

    /// <summary>A single diagram is as wide as two, for the names of choices.</summary>
    private double Width => names.Count <= 1 ? 578 : 250;

    public string ToSvg()
    {
        int columns = Math.Clamp(names.Count, 1, Across), rows = Math.Max(1, (names.Count + Across - 1) / Across);
        double width = Left + columns * Width + (columns - 1) * GapX + 30, height = Top + rows * (Height + GapY) - 30;
        var document = new SvgDocument("Search", width, height, _style);
        SearchTrial best = _good.OrderBy(trial => trial.IsPruned).ThenBy(trial => (goal == SearchGoal.Minimize ? 1 : -1) * trial.Mean!.Value).First();
        string better = goal == SearchGoal.Minimize ? "lower" : "higher";
        document.AddHead(Left, string.Create(CultureInfo.InvariantCulture,
            $"{_good.Length} trials by the {metric}, the {better} the better; the best is {best.Number}: {best.Mean:G5}") + Pruned(_good, "hollow"));
        var up = new CurveAxis(_good.Select(trial => trial.Mean!.Value), room: 5);
        for (int i = 0; i < names.Count; i++)
        {
            DrawPanel(document, Left + i % Across * (Width + GapX), Top + i / Across * (Height + GapY), up, names[i], best);
        }

        return document.ToString();
    }

    private void DrawPanel(SvgDocument document, double left, double top, CurveAxis up, string name, SearchTrial best)
    {
        (SearchTrial Trial, SearchValue Value)[] points = [.. _good
            .SelectMany(trial => trial.Values.Where(value => value.Name == name), (trial, value) => (trial, value))];
        double?[] numbers = [.. points.Select(point => SearchImportance.Number(point.Value))];
        bool isNumber = points.Length > 0 && Array.TrueForAll(numbers, number => number is not null);
        string[] choices = isNumber ? [] : [.. points.Select(point => point.Value.Text).Distinct().Order(StringComparer.Ordinal)];
        CurveAxis across = isNumber
            ? Scale([.. numbers.Select(number => number!.Value)], room: names.Count <= 1 ? 9 : 4)
            : CurveAxis.Between(-0.5, Math.Max(0.5, choices.Length - 0.5), room: 4);
        var panel = new SvgPanel(document, left, top, Width, Height, across, up);
        string explains = importance.TryGetValue(name, out double share) ? string.Create(CultureInfo.InvariantCulture, $", explains {share:P0}") : "";
        panel.DrawScales(metric, name + explains, isNumber ? null : choices);

        // The best one last, above the others.
        foreach (((SearchTrial trial, SearchValue value), int i) in points.Select((point, i) => (point, i)).OrderBy(pair => pair.point.Trial == best))
        {
            double x = isNumber ? numbers[i]!.Value : Array.IndexOf(choices, value.Text);
            panel.DrawDot(trial == best ? "best" : trial.IsPruned ? "pruned" : "trial", x, trial.Mean!.Value, trial == best ? 5.5 : 4, trial.ToString());
        }
    }

    /// <summary>How many trials were pruned, and how they are drawn, behind a sentence; empty if there are none.</summary>
    public static string Pruned(IEnumerable<SearchTrial> trials, string look) => trials.Count(trial => trial.IsPruned) is > 0 and var count
        ? string.Create(CultureInfo.InvariantCulture, $"; {count} pruned, {look}")
        : "";

    /// <summary>The scale of numbers of an option.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="room">How many there is room for beside the scale.</param>
    public static CurveAxis Scale(IReadOnlyCollection<double> values, int room = 4)
    {
        double low = values.Min(), high = values.Max(), margin = high > low ? 0.05 * (high - low) : Math.Max(1, 0.1 * Math.Abs(high));
        return low > 0 && high >= Wide * low ? CurveAxis.Logarithmic(values, room)
            : CurveAxis.Between(low - margin, high + margin, room, leastStep: values.All(double.IsInteger) ? 1 : 0);
    }
}
