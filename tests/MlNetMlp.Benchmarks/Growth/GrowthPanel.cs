using System.Globalization;
using System.Text;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>One quantity of the picture: time against work on logarithmic scales.</summary>
/// <param name="quantity">What grows.</param>
/// <param name="series">What was measured.</param>
internal sealed class GrowthPanel(Quantity quantity, GrowthResult[][] series)
{
    public const double Width = 348, Height = 208;

    private readonly LogarithmicAxis _x = new(series.SelectMany(one => one).Select(result => quantity.Work(result.Case)));
    private readonly LogarithmicAxis _y = new(series.SelectMany(one => one.Select(result => Time(quantity, one, result))).Concat(Others(quantity, series)));

    /// <summary>Draws it; its upper left corner is the origin.</summary>
    public void Draw(StringBuilder svg)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        svg.Append(culture,
            $"<text class=\"title\" x=\"0\" y=\"-30\">{char.ToUpperInvariant(quantity.Name[0])}{quantity.Name[1..]}: {quantity.TimeName}</text>\n");
        svg.Append(culture, $"<text class=\"note\" x=\"0\" y=\"-12\">{Escaped(quantity.Setting)}</text>\n");
        foreach (double tick in _y.Ticks)
        {
            svg.Append(culture,
                $"<path class=\"grid\" d=\"M0 {Y(tick):0.#}h{Width}\"/><text class=\"y\" x=\"-8\" y=\"{Y(tick) + 4:0.#}\">{TickText(tick)}</text>\n");
        }

        foreach (GrowthCase one in series[0].Select(result => result.Case))
        {
            double x = X(quantity.Work(one));
            svg.Append(culture,
                $"<path class=\"frame\" d=\"M{x:0.#} {Height}v5\"/><text class=\"x\" x=\"{x:0.#}\" y=\"{Height + 20}\">{Short(one.Value)}</text>\n");
        }

        svg.Append(culture, $"<path class=\"frame\" d=\"M0 0V{Height}H{Width}\"/>\n");
        DrawProportion(svg);
        for (int i = 0; i < series.Length; i++)
        {
            DrawSeries(svg, i);
        }

        svg.Append(culture, $"<text class=\"note\" x=\"0\" y=\"{Height + 38}\">{quantity.Name}</text>\n");
    }

    private static double Time(Quantity quantity, GrowthResult[] one, GrowthResult result) =>
        quantity.Kind == GrowthKind.Threads ? result.Seconds / one[0].Seconds : quantity.Time(result.Case, result.Seconds);

    /// <summary>What is shown beside the times: of threads, what the largest number would bring at the best; else the times of the processor.</summary>
    private static IEnumerable<double> Others(Quantity quantity, GrowthResult[][] series) => quantity.Kind == GrowthKind.Threads
        ? [1.0 / series[0][^1].Case.Threads]
        : series[0].Select(result => quantity.Time(result.Case, result.ProcessorSeconds));

    /// <summary>A value as there is room for it beside its neighbours.</summary>
    private static string Short(int value) =>
        value % 1_000_000 == 0 ? $"{value / 1_000_000}M" : value % 1000 == 0 ? $"{value / 1000}k" : value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text);

    private double X(double work) => Width * _x.Position(work);

    private double Y(double time) => Height * (1 - _y.Position(time));

    /// <summary>
    /// The line through the first point, that of the processor where it is shown, on which the time is in proportion to the work, as far as
    /// it lies within the frame.
    /// </summary>
    private void DrawProportion(StringBuilder svg)
    {
        GrowthResult first = series[0][0], last = series[0][^1];
        if (first == last)
        {
            return;
        }

        double from = quantity.Work(first.Case), to = quantity.Work(last.Case), start = quantity.Kind == GrowthKind.Threads ? 1
            : quantity.Time(first.Case, first.ProcessorSeconds);
        double x = X(from), y = Y(start), slope = (Y(start * Math.Pow(to / from, quantity.Slope)) - y) / (X(to) - x);
        double end = Math.Min(Width, x + (slope < 0 ? -y : Height - y) / slope);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"proportion\" d=\"M{x:0.#} {y:0.#}L{end:0.#} {y + (slope * (end - x)):0.#}\"/>\n");
    }

    private void DrawSeries(StringBuilder svg, int number)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        GrowthResult[] results = series[number];
        if (series.Length == 1)
        {
            svg.Append(culture,
                $"<path class=\"curve processor\" " +
                $"d=\"M{string.Join('L', results.Select(result => Point(result, quantity.Time(result.Case, result.ProcessorSeconds))))}\"/>\n");
        }

        string style = $"line{number % 3}";
        string[] points = [.. results.Select(result => Point(result, Time(quantity, results, result)))];
        svg.Append(culture, $"<path class=\"curve {style}\" d=\"M{string.Join('L', points)}\"/>\n");
        foreach ((string point, GrowthResult result) in points.Zip(results))
        {
            string[] place = point.Split(' ');
            svg.Append(culture,
                $"<circle class=\"dot {style}\" cx=\"{place[0]}\" cy=\"{place[1]}\" r=\"3.5\"><title>{Escaped(TimeText(result))}</title></circle>\n");
        }

        if (series.Length > 1)
        {
            double y = Height - 12 - (18 * (series.Length - 1 - number));
            svg.Append(culture, $"<path class=\"curve {style}\" d=\"M12 {y - 4}h20\"/><text x=\"40\" y=\"{y}\">{results[0].Case.Network}</text>\n");
        }
        else if (results.Length > 1)
        {
            string exponents = string.Create(culture,
                $"{LastExponent(results, result => result.Seconds):F2}, processor {LastExponent(results, result => result.ProcessorSeconds):F2}");
            svg.Append(culture, $"<text class=\"y note\" x=\"{Width}\" y=\"{Height + 38}\">last exponent {exponents}</text>\n");
        }
    }

    private string Point(GrowthResult result, double time) => string.Create(CultureInfo.InvariantCulture, $"{X(quantity.Work(result.Case)):0.#} {Y(time):0.#}");

    private double LastExponent(GrowthResult[] results, Func<GrowthResult, double> seconds)
    {
        (GrowthResult from, GrowthResult to) = (results[^2], results[^1]);
        return GrowthTable.Exponent(
            quantity.Work(from.Case), quantity.Time(from.Case, seconds(from)), quantity.Work(to.Case), quantity.Time(to.Case, seconds(to)));
    }

    private string TimeText(GrowthResult result) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{result.Case.Value:N0}: {quantity.Time(result.Case, result.Seconds) * 1e3:G3} ms, {result.Seconds * 1e9 / result.Case.Rows:G3} ns per row");

    private string TickText(double tick) => quantity.Kind == GrowthKind.Threads ? Text(tick, "")
        : tick >= 1 ? Text(tick, " s")
        : tick >= 1e-3 ? Text(tick * 1e3, " ms")
        : Text(tick * 1e6, " µs");

    private static string Text(double value, string unit) => value.ToString("0.###", CultureInfo.InvariantCulture) + unit;
}
