using System.Globalization;
using System.Text;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>Draws all quantities, two side by side, as one SVG without anything from outside.</summary>
internal static class GrowthPicture
{
    private const double Left = 64, Top = 136, AcrossPanel = 436, DownPanel = 306;
    private const int Columns = 2;

    /// <summary>No variables and no nesting, so that programs that are no browsers understand it, too.</summary>
    private const string Style = """
        text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #3d4450 }
        .paper { fill: #ffffff }
        .head { font-size: 18px; font-weight: 600; fill: #1c212b }
        .title { font-size: 15px; font-weight: 600; fill: #1c212b }
        .note { fill: #69717f }
        .x { text-anchor: middle }
        .y { text-anchor: end }
        .grid { stroke: #e4e7ec; fill: none }
        .frame { stroke: #9aa2af; fill: none }
        .proportion { stroke: #9aa2af; stroke-dasharray: 5 4; fill: none }
        .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
        .processor { stroke: #d9650b; stroke-width: 1.2 }
        .dot { stroke-width: 2; fill: #ffffff }
        .line0 { stroke: #2f6fde }
        .line1 { stroke: #d9650b }
        .line2 { stroke: #14875a }
        """;

    public static string Draw(IReadOnlyDictionary<Quantity, GrowthResult[][]> measured)
    {
        double width = (AcrossPanel * Columns) + 8, height = Top + (DownPanel * ((measured.Count + Columns - 1) / Columns)) - 28;
        CultureInfo culture = CultureInfo.InvariantCulture;
        var svg = new StringBuilder();
        svg.Append(culture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n");
        svg.Append(culture,
            $"<title>How the cost of training grows</title>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n<rect " +
            $"class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n");
        svg.Append(culture, $"<text class=\"head\" x=\"{Left}\" y=\"30\">How the cost of training grows with the work</text>\n");
        svg.Append(culture,
            $"<text class=\"note\" x=\"{Left}\" y=\"52\">{System.Security.SecurityElement.Escape(Machine.Description())}. Dots: time " +
            $"of the clock; thin: of the processor, which other work does not lengthen</text>\n");
        svg.Append(culture,
            $"<text class=\"note\" x=\"{Left}\" y=\"71\">Both scales are logarithmic; what grows is placed by its multiply-adds. " +
            $"Dashed: in proportion to them</text>\n");
        int number = 0;
        foreach ((Quantity quantity, GrowthResult[][] series) in measured)
        {
            svg.Append(culture, $"<g transform=\"translate({Left + (AcrossPanel * (number % Columns))} {Top + (DownPanel * (number / Columns))})\">\n");
            new GrowthPanel(quantity, series).Draw(svg);
            svg.Append("</g>\n");
            number++;
        }

        return svg.Append("</svg>\n").ToString();
    }
}
