namespace MlNetMlp.Diagnostics;

/// <summary>Draws the histograms of the activations of a diagnosed network.</summary>
public static class ActivationPicture
{
    private const int Columns = 5;
    private const double Left = 54, Top = 104, Width = 170, Height = 90, GapX = 62, GapY = 86;

    private static readonly SvgRule[] _style =
    [
        new(".start", "fill", "#69717f", "#98a1b0"),
        new(".trained", "fill", "#2f6fde", "#6ea3ff"),
    ];

    /// <summary>
    /// A picture, for any browser: for every hidden layer the histogram of its activations before the training (upper row of bars) and after it (lower row),
    /// with mean and deviation. Activations that shrink, or sit at their limits, from layer to layer are seen at a glance.
    /// </summary>
    /// <param name="report">What a diagnosis found.</param>
    /// <exception cref="ArgumentNullException">The report is null.</exception>
    public static string ActivationsToSvg(this DiagnosisReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        LayerDiagnosis[] layers = [.. report.Layers.Where(layer => layer.ActivationsAtStart is not null)];
        int columns = Math.Clamp(layers.Length, 2, Columns), rows = (layers.Length + Columns - 1) / Columns;
        var document = new SvgDocument(
            "Activations by layer", Left + columns * Width + (columns - 1) * GapX + 30, Top + Math.Max(1, rows) * 2 * (Height + GapY) - 30, _style);
        document.AddHead(Left, "counts over units and rows, before the training and after it");
        for (int i = 0; i < layers.Length; i++)
        {
            double left = Left + i % Columns * (Width + GapX), top = Top + i / Columns * 2 * (Height + GapY);
            Draw(document, left, top, "start", $"{layers[i].Name} at the start", layers[i].ActivationsAtStart!);
            if (layers[i].Activations is { } after)
            {
                Draw(document, left, top + Height + GapY, "trained", $"{layers[i].Name} trained", after);
            }
        }

        return document.ToString();
    }

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="report">What a diagnosis found.</param>
    /// <param name="path">The file, for example <c>activations.svg</c>.</param>
    /// <exception cref="ArgumentNullException">The report is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveActivations(this DiagnosisReport report, string path) => AtomicFile.WriteText(path, report.ActivationsToSvg());

    private static void Draw(SvgDocument document, double left, double top, string style, string title, ActivationHistogram histogram)
    {
        // Equal activations are all in the first bin, which then is of any width.
        double low = histogram.Minimum, high = histogram.Maximum > low ? histogram.Maximum : low + Math.Max(1, Math.Abs(low));
        int bins = histogram.Counts.Count;
        var panel = new SvgPanel(
            document, left, top, Width, Height, CurveAxis.Between(low, high, room: 4), CurveAxis.Between(0, 1.05 * histogram.Counts.Max(), room: 3));
        panel.DrawScales(title, FormattableString.Invariant($"mean {histogram.Mean:G2}, deviation {histogram.Deviation:G2}"));
        for (int bin = 0; bin < bins; bin++)
        {
            double from = low + bin * (high - low) / bins, to = low + (bin + 1) * (high - low) / bins;
            panel.DrawBar(style, from, to, histogram.Counts[bin], FormattableString.Invariant($"{histogram.Counts[bin]} from {from:G3} to {to:G3}"));
        }
    }
}
