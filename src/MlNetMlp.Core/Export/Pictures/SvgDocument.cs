using System.Globalization;
using System.Security;
using System.Text;

namespace MlNetMlp;

/// <summary>A picture that stands alone in a file or among others in a page, whose style reaches nothing but itself.</summary>
/// <remarks>
/// Every rule begins with the name of the picture, which is a checksum of what it shows. Colors follow the page: where it is dark, by its
/// <c>color-scheme</c>, or where the picture is a file of its own by that of the reader, they are the dark ones. Programs that do not know of this have the
/// light ones. There are neither scripts nor references to anything else.
/// </remarks>
/// <param name="title">What it shows.</param>
/// <param name="width">Its width, in pixels.</param>
/// <param name="height">Its height.</param>
/// <param name="rules">Rules beside those that all pictures have.</param>
internal sealed class SvgDocument(string title, double width, double height, params SvgRule[] rules)
{
    private static readonly SvgRule[] _common =
    [
        new("text", "font", "12px system-ui, -apple-system, \"Segoe UI\", Roboto, \"DejaVu Sans\", sans-serif"),
        new("text", "fill", "#3d4450", "#b9c0cc"),
        new(".paper", "fill", "#ffffff", "#14171d"),
        new(".head", "font-size", "17px"),
        new(".head", "font-weight", "600"),
        new(".head", "fill", "#1c212b", "#eef1f6"),
        new(".title", "font-weight", "600"),
        new(".title", "fill", "#1c212b", "#eef1f6"),
        new(".note", "font-weight", "400"),
        new(".note", "fill", "#69717f", "#8e97a6"),
        new(".x", "text-anchor", "middle"),
        new(".y", "text-anchor", "end"),
        new(".grid", "stroke", "#e4e7ec", "#2a303a"),
        new(".grid", "fill", "none"),
        new(".frame", "stroke", "#9aa2af", "#5d6675"),
        new(".frame", "fill", "none"),
    ];

    /// <summary>The elements.</summary>
    public StringBuilder Body { get; } = new();

    /// <summary>Text as XML carries it; characters that XML does not have, not even escaped, are left out.</summary>
    public static string Escape(string text) => SecurityElement.Escape(string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar)));

    /// <summary>A text of at most so many letters.</summary>
    public static string Shortened(string text, int letters) => text.Length <= letters ? text : text[..(letters - 1)] + "\u2026";

    /// <summary>Writes a text.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="x">Where.</param>
    /// <param name="y">Where its letters stand.</param>
    /// <param name="text">The text.</param>
    public void AddText(string style, double x, double y, string text) =>
        Body.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\">{Escape(text)}</text>\n");

    /// <summary>Writes a heading, and below it a note.</summary>
    /// <param name="left">Where they begin.</param>
    /// <param name="note">The note.</param>
    public void AddHead(double left, string note)
    {
        AddText("head", left, 34, title);
        AddText("note", left, 54, note);
    }

    /// <summary>The picture.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string name = string.Create(culture, $"mlp-{Crc32.Of(Encoding.UTF8.GetBytes(Body.ToString())):x8}");
        var svg = new StringBuilder();
        svg.Append(culture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{name}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" ");
        svg.Append(culture, $"height=\"{height}\" role=\"img\">\n<title>{Escape(title)}</title>\n<style>\n#{name}:root {{ color-scheme: light dark }}\n");
        foreach (SvgRule rule in _common.Concat(rules))
        {
            // A program that does not know the second keeps the first.
            svg.Append(culture, $"#{name} {rule.Selector} {{ {rule.Property}: {rule.Light}");
            svg.Append(rule.Dark is null ? " }\n" : $"; {rule.Property}: light-dark({rule.Light}, {rule.Dark}) }}\n");
        }

        svg.Append(culture, $"</style>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n{Body}</svg>\n");
        return svg.ToString();
    }
}
