using System.Globalization;
using System.Text;

namespace MlNetMlp;

/// <summary>A frame with two scales, and what is drawn into it.</summary>
/// <param name="Document">The picture.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Across">The scale from left to right.</param>
/// <param name="Up">The scale from below.</param>
internal sealed record SvgPanel(SvgDocument Document, double Left, double Top, double Width, double Height, CurveAxis Across, CurveAxis Up)
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private StringBuilder Body => Document.Body;

    public double X(double value) => Left + (Width * Across.Position(value));

    public double Y(double value) => Top + (Height * (1 - Up.Position(value)));

    /// <summary>Draws frame and scales.</summary>
    /// <param name="title">What is shown from below.</param>
    /// <param name="below">What is shown from left to right.</param>
    /// <param name="names">The names of the places 0, 1 and so on from left to right; null: numbers.</param>
    public void DrawScales(string title, string below, IReadOnlyList<string>? names = null)
    {
        Body.Append(_culture, $"<text class=\"title\" x=\"{Left}\" y=\"{Top - 10}\">{SvgDocument.Escape(title)}{Logarithmic(Up)}</text>\n");
        foreach (double tick in Up.Ticks)
        {
            Body.Append(_culture, $"<path class=\"grid\" d=\"M{Left} {Y(tick):0.##}h{Width}\"/>");
            Body.Append(_culture, $"<text class=\"y\" x=\"{Left - 8}\" y=\"{Y(tick) + 4:0.##}\">{CurveAxis.Text(tick)}</text>\n");
        }

        for (int i = 0; i < names?.Count; i++)
        {
            // A name has the width that its place has.
            int letters = Math.Max(3, (int)(Width / names.Count / 6.5));
            Document.AddText("x", X(i), Top + Height + 18, SvgDocument.Shortened(names[i], letters));
        }

        foreach (double tick in names is null ? Across.Ticks : [])
        {
            Body.Append(_culture, $"<path class=\"grid\" d=\"M{X(tick):0.##} {Top}v{Height}\"/>");
            Body.Append(_culture, $"<text class=\"x\" x=\"{X(tick):0.##}\" y=\"{Top + Height + 18}\">{CurveAxis.Text(tick)}</text>\n");
        }

        Body.Append(_culture, $"<path class=\"frame\" d=\"M{Left} {Top}v{Height}h{Width}\"/>\n");
        Body.Append(_culture, $"<text class=\"x note\" x=\"{Left + (Width / 2):0.##}\" y=\"{Top + Height + 38}\">{SvgDocument.Escape(below)}");
        Body.Append(_culture, $"{Logarithmic(Across)}</text>\n");
    }

    /// <summary>Draws a line through points; what is not finite leaves a gap.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="points">The points.</param>
    public void DrawLine(string style, IEnumerable<(double X, double Y)> points)
    {
        Body.Append(_culture, $"<path class=\"{style}\" d=\"");
        bool begins = true;
        foreach ((double x, double y) in points)
        {
            bool isShown = CurveAxis.IsShown(x) && CurveAxis.IsShown(y);
            Body.Append(isShown ? string.Create(_culture, $"{(begins ? 'M' : 'L')}{X(x):0.##} {Y(y):0.##}") : "");
            begins = !isShown;
        }

        Body.Append("\"/>\n");
    }

    /// <summary>Draws a dot that says something when the pointer rests on it.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="x">Where.</param>
    /// <param name="y">Where.</param>
    /// <param name="radius">Its size.</param>
    /// <param name="text">What it says.</param>
    public void DrawDot(string style, double x, double y, double radius, string text)
    {
        Body.Append(_culture, $"<circle class=\"{style}\" cx=\"{X(x):0.##}\" cy=\"{Y(y):0.##}\" r=\"{radius:0.##}\">");
        Body.Append(_culture, $"<title>{SvgDocument.Escape(text)}</title></circle>\n");
    }

    /// <summary>Draws a bar from the lower end of the scale that says something when the pointer rests on it, unless it has no height.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends; a gap of a pixel is left on both sides.</param>
    /// <param name="value">How high it is.</param>
    /// <param name="text">What it says.</param>
    public void DrawBar(string style, double from, double to, double value, string text)
    {
        double x = X(from) + 1, y = Y(value), height = Top + Height - y;
        if (height > 0)
        {
            Body.Append(_culture, $"<rect class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{X(to) - x - 1:0.##}\" height=\"{height:0.##}\">");
            Body.Append(_culture, $"<title>{SvgDocument.Escape(text)}</title></rect>\n");
        }
    }

    /// <summary>Draws a line from below to the top.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="x">Where.</param>
    public void DrawMark(string style, double x) => Body.Append(_culture, $"<path class=\"{style}\" d=\"M{X(x):0.##} {Top}v{Height}\"/>\n");

    /// <summary>Writes the names of lines, from right to left above the frame.</summary>
    /// <param name="entries">Name and class of each.</param>
    public void DrawLegend(params (string Name, string Style)[] entries)
    {
        double right = Left + Width;
        foreach ((string name, string style) in entries.Reverse())
        {
            double width = 28 + (6.2 * name.Length);
            Body.Append(_culture, $"<path class=\"{style}\" d=\"M{right - width:0.##} {Top - 14}h20\"/>");
            Body.Append(_culture, $"<text class=\"legend\" x=\"{right - width + 26:0.##}\" y=\"{Top - 10}\">{SvgDocument.Escape(name)}</text>\n");
            right -= width + 14;
        }
    }

    private static string Logarithmic(CurveAxis axis) => axis.IsLogarithmic ? "<tspan class=\"note\"> (logarithmic)</tspan>" : "";
}
