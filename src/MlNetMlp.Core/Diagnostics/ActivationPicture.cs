using System.Globalization;
using System.Text;

namespace MlNetMlp.Diagnostics;

/// <summary>Draws the histograms of the activations of a diagnosed network.</summary>
public static class ActivationPicture
{
    private const int Columns = 5, Width = 150, Height = 90, Gap = 24, Caption = 42;

    /// <summary>
    /// A picture, for any browser: for every hidden layer the histogram of its activations before the training (upper row of bars) and after it (lower row),
    /// with mean and deviation. Activations that shrink, or sit at their limits, from layer to layer are seen at a glance. It has neither scripts, styles nor
    /// references to anything else, and takes the color of the text around it.
    /// </summary>
    /// <param name="report">What a diagnosis found.</param>
    /// <exception cref="ArgumentNullException">The report is null.</exception>
    public static string ActivationsToSvg(this DiagnosisReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        LayerDiagnosis[] layers = [.. report.Layers.Where(layer => layer.ActivationsAtStart is not null)];
        int columns = Math.Clamp(layers.Length, 1, Columns), rows = (layers.Length + Columns - 1) / Columns;
        int cell = (2 * (Height + Caption)) + Gap;
        CultureInfo culture = CultureInfo.InvariantCulture;
        var svg = new StringBuilder();
        svg.Append(culture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {(columns * (Width + Gap)) + Gap} {Math.Max(1, rows) * cell}\" ");
        svg.Append("font-family=\"sans-serif\" font-size=\"11\" fill=\"currentColor\" role=\"img\">\n<title>Activations by layer</title>\n");
        for (int i = 0; i < layers.Length; i++)
        {
            int left = Gap + (i % Columns * (Width + Gap)), top = i / Columns * cell;
            Draw(svg, left, top + Gap, $"{layers[i].Name} at the start", layers[i].ActivationsAtStart!, 0.45);
            if (layers[i].Activations is { } after)
            {
                Draw(svg, left, top + Gap + Height + Caption, $"{layers[i].Name} trained", after, 0.8);
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Writes that picture to a file, in UTF-8; an existing file is replaced.</summary>
    /// <param name="report">What a diagnosis found.</param>
    /// <param name="path">The file, for example <c>activations.svg</c>.</param>
    /// <exception cref="ArgumentNullException">The report is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveActivations(this DiagnosisReport report, string path) => File.WriteAllText(path, report.ActivationsToSvg());

    private static void Draw(StringBuilder svg, int left, int top, string title, ActivationHistogram histogram, double opacity)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        double bar = (double)Width / histogram.Counts.Count, most = histogram.Counts.Max();
        int bottom = top + Height - 14;
        svg.Append(culture, $"<text x=\"{left}\" y=\"{top - 8}\">{title}</text>\n");
        for (int k = 0; k < histogram.Counts.Count; k++)
        {
            double height = (bottom - top) * (histogram.Counts[k] / most);
            if (height > 0)
            {
                svg.Append(culture, $"<rect x=\"{left + (k * bar):0.##}\" y=\"{bottom - height:0.##}\" width=\"{bar:0.##}\" height=\"{height:0.##}\" ");
                svg.Append(culture, $"fill-opacity=\"{opacity}\"/>\n");
            }
        }

        svg.Append(culture, $"<path d=\"M{left} {bottom}h{Width}\" stroke=\"currentColor\" fill=\"none\"/>\n");
        svg.Append(culture, $"<text x=\"{left}\" y=\"{bottom + 13}\" font-size=\"9\">{histogram.Minimum:G2}</text>\n");
        svg.Append(culture, $"<text x=\"{left + Width}\" y=\"{bottom + 13}\" font-size=\"9\" text-anchor=\"end\">{histogram.Maximum:G2}</text>\n");
        svg.Append(culture, $"<text x=\"{left}\" y=\"{bottom + 26}\" font-size=\"9\">");
        svg.Append(culture, $"mean {histogram.Mean:G2}, deviation {histogram.Deviation:G2}</text>\n");
    }
}
