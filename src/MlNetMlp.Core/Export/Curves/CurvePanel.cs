using System.Globalization;
using System.Text;

namespace MlNetMlp;

/// <summary>One diagram of several that stand one below the other over the same epochs.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Height">Its height, in pixels.</param>
/// <param name="Curves">What it shows: at least one.</param>
internal sealed record CurvePanel(string Title, double Height, Curve[] Curves)
{
    /// <summary>Draws the diagram.</summary>
    /// <param name="svg">Receives the elements.</param>
    /// <param name="top">The upper edge of the diagram.</param>
    /// <param name="epochs">Where an epoch, from 0, lies; the edges of the diagram, and what is to be marked in it.</param>
    public void Draw(StringBuilder svg, double top, EpochScale epochs)
    {
        var axis = new CurveAxis(Curves.SelectMany(curve => curve.Values), room: Math.Max(3, (int)(Height / 36)));
        double Y(double value) => top + (Height * (1 - axis.Position(value)));

        CultureInfo culture = CultureInfo.InvariantCulture;
        svg.Append(culture, $"<g class=\"panel\">\n<text class=\"title\" x=\"{epochs.Left}\" y=\"{top - 10}\">{SvgDocument.Escape(Title)}");
        svg.Append(axis.IsLogarithmic ? "<tspan class=\"note\"> (logarithmic)</tspan></text>\n" : "</text>\n");
        foreach (double tick in axis.Ticks)
        {
            svg.Append(culture, $"<path class=\"grid\" d=\"M{epochs.Left} {Y(tick):0.##}H{epochs.Right}\"/>");
            svg.Append(culture, $"<text class=\"y\" x=\"{epochs.Left - 8}\" y=\"{Y(tick) + 4:0.##}\">{CurveAxis.Text(tick)}</text>\n");
        }

        if (axis.Ticks.Count == 0)
        {
            svg.Append(culture,
                $"<text class=\"note\" x=\"{(epochs.Left + epochs.Right) / 2}\" y=\"{top + (Height / 2)}\" " +
                $"text-anchor=\"middle\">nothing finite to show</text>\n");
        }

        svg.Append(culture, $"<path class=\"frame\" d=\"M{epochs.Left} {top}V{top + Height}H{epochs.Right}\"/>\n");
        foreach (int start in epochs.Starts.Skip(1))
        {
            svg.Append(culture, $"<path class=\"member\" d=\"M{epochs.Edge(start):0.##} {top}V{top + Height}\"/>\n");
        }

        foreach (int best in epochs.Best)
        {
            svg.Append(culture, $"<path class=\"best\" d=\"M{epochs.X(best):0.##} {top}V{top + Height}\"/>\n");
        }

        foreach (Curve curve in Curves)
        {
            svg.Append(culture, $"<path class=\"curve {curve.Style}\" d=\"");
            Trace(svg, curve.Values, epochs, Y);
            svg.Append("\"/>\n");
        }

        foreach ((Curve curve, int best) in Curves.SelectMany(curve => epochs.Best.Where(best => CurveAxis.IsShown(curve.Values[best]))
            .Select(best => (curve, best))))
        {
            svg.Append(culture, $"<circle class=\"dot {curve.Style}\" cx=\"{epochs.X(best):0.##}\" cy=\"{Y(curve.Values[best]):0.##}\" r=\"4\"/>\n");
        }

        DrawLegend(svg, top, epochs.Right, epochs.Best.Count > 0);
        svg.Append("</g>\n");
    }

    /// <summary>Where there are several curves, their names and that of the line at the best epoch, from right to left.</summary>
    private void DrawLegend(StringBuilder svg, double top, double right, bool hasBest)
    {
        if (Curves.Length == 1)
        {
            return;
        }

        IEnumerable<(string Name, string Style)> entries = Curves.Select(curve => (curve.Name, "curve " + curve.Style));
        foreach ((string name, string style) in entries.Concat(hasBest ? [("best epoch", "best")] : []).Reverse())
        {
            double width = 28 + (6.2 * name.Length);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"M{right - width:0.##} {top - 14}h20\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"legend\" x=\"{right - width + 26:0.##}\" y=\"{top - 10}\">{SvgDocument.Escape(name)}</text>\n");
            right -= width + 14;
        }
    }

    private static void Trace(StringBuilder svg, double[] values, EpochScale epochs, Func<double, double> y)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!CurveAxis.IsShown(values[i]))
            {
                continue;
            }

            bool begins = epochs.Begins(i) || !CurveAxis.IsShown(values[i - 1]);
            bool isAlone = begins && (i + 1 == values.Length || epochs.Begins(i + 1) || !CurveAxis.IsShown(values[i + 1]));
            svg.Append(CultureInfo.InvariantCulture, $"{(begins ? 'M' : 'L')}{epochs.X(i):0.##} {y(values[i]):0.##}");

            // With round ends, a line of no length is a dot.
            svg.Append(isAlone ? "h0" : "");
        }
    }
}
