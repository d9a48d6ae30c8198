using System.Globalization;
using System.Text;

namespace MlNetMlp;

/// <summary>Draws a <see cref="TrainingHistory"/> as diagrams one below the other: losses, metric, learning rate, gradient norm.</summary>
internal sealed class LearningCurves(TrainingHistory history)
{
    private const double Width = 860, Left = 72, Right = Width - 24, Top = 92, Gap = 46, Bottom = 56;

    /// <summary>The width of a member's number, in pixels.</summary>
    private const double MemberWidth = 24;

    /// <summary>Beyond this number of epochs the strips that tell their values would be narrower than a pixel.</summary>
    private const int MostStrips = 600;

    private static readonly SvgRule[] _style =
    [
        new(".member", "stroke", "#9aa2af", "#5d6675"),
        new(".member", "fill", "none"),
        new(".best", "stroke", "#69717f", "#98a1b0"),
        new(".best", "stroke-dasharray", "3 4"),
        new(".best", "fill", "none"),
        new(".curve", "fill", "none"),
        new(".curve", "stroke-width", "2"),
        new(".curve", "stroke-linejoin", "round"),
        new(".curve", "stroke-linecap", "round"),
        new(".dot", "stroke-width", "2"),
        new(".dot", "fill", "#ffffff", "#14171d"),
        new(".training", "stroke", "#2f6fde", "#6ea3ff"),
        new(".validation", "stroke", "#d9650b", "#ffa057"),
        new(".metric", "stroke", "#14875a", "#4cc795"),
        new(".rate", "stroke", "#8a4fd0", "#bd92f5"),
        new(".norm", "stroke", "#b0354f", "#f0788f"),
        new(".strip", "fill", "#69717f", "#b9c0cc"),
        new(".strip", "fill-opacity", "0"),
        new(".strip:hover", "fill-opacity", "0.12"),
    ];

    public string ToSvg()
    {
        CurvePanel[] panels = [.. Panels()];
        double height = Top + panels.Sum(panel => panel.Height) + (Gap * (panels.Length - 1)) + Bottom;
        var epochs = new EpochScale(Left, Right, history);

        CultureInfo culture = CultureInfo.InvariantCulture;
        var document = new SvgDocument("Learning curves", Width, height, _style);
        document.AddHead(Left, Summary());
        StringBuilder svg = document.Body;
        double top = Top;
        foreach (CurvePanel panel in panels)
        {
            panel.Draw(svg, top, epochs);
            top += panel.Height + Gap;
        }

        foreach (int epoch in epochs.Ticks)
        {
            svg.Append(culture, $"<text class=\"x\" x=\"{epochs.X(epoch):0.##}\" y=\"{height - Bottom + 18}\">{history[epoch].Epoch}</text>\n");
        }

        if (epochs.Starts.Count > 1)
        {
            DrawMembers(svg, epochs, height - Bottom);
        }
        else
        {
            svg.Append(culture, $"<text class=\"x note\" x=\"{(Left + Right) / 2}\" y=\"{height - Bottom + 40}\">epoch</text>\n");
        }

        DrawStrips(svg, epochs, height - Bottom);
        return document.ToString();
    }

    private IEnumerable<CurvePanel> Panels()
    {
        bool isValidated = history.Any(report => report.ValidationLoss is not null);
        var training = new Curve("training loss", "training", Values(report => report.TrainingLoss));
        var validation = new Curve("validation loss", "validation", Values(report => report.ValidationLoss));
        yield return new CurvePanel("Loss", 230, isValidated ? [training, validation] : [training]);
        var trainingMetric = new Curve($"training {history.MetricName}", "training", Values(report => report.TrainingMetric));
        var validationMetric = new Curve($"validation {history.MetricName}", "validation", Values(report => report.ValidationMetric));
        yield return new CurvePanel(history.MetricName, 120, isValidated ? [trainingMetric, validationMetric] : [trainingMetric]);
        yield return new CurvePanel("Learning rate", 84, [new Curve("learning rate", "rate", Values(report => report.LearningRate))]);
        yield return new CurvePanel("Gradient norm", 84, [new Curve("gradient norm", "norm", Values(report => report.GradientNorm))]);
    }

    private double[] Values(Func<EpochReport, double?> select) => [.. history.Select(report => select(report) ?? double.NaN)];

    private string Summary()
    {
        if (history.Count == 0)
        {
            return "no epochs";
        }

        int members = history.Select(report => report.Member).Distinct().Count(), planned = history[^1].Members;
        string what = members == 1 ? Text($"{history.Count} of {history[0].NumberOfEpochs} epochs")
            : members == planned ? Text($"{history.Count} epochs of {members} members")
            : Text($"{history.Count} epochs of {members} of {planned} members");
        string epochs = Text($"{what} in {history[^1].Elapsed.TotalSeconds:0.0} s");
        return history.Best is not { } best ? epochs : Text($"{epochs}; best: epoch {best.Epoch}, {Metrics(best)}");

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    private string Metrics(EpochReport report) => $"training loss {CurveAxis.Text(report.TrainingLoss)}" + (report is
    {
        ValidationLoss: { } loss,
        ValidationMetric: { } metric
    }
        ? $", validation loss {CurveAxis.Text(loss)}, {history.MetricName} {CurveAxis.Text(metric)}"
        : "");

    /// <summary>Below the numbers of the epochs, which are those within a member, the numbers of the members: as many as there is room for.</summary>
    private void DrawMembers(StringBuilder svg, EpochScale epochs, double bottom)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        svg.Append(culture,
            $"<text class=\"y note\" x=\"{Left - 8}\" y=\"{bottom + 18}\">epoch</text>\n<text class=\"y note\" x=\"{Left - 8}\" " +
            $"y=\"{bottom + 40}\">member</text>\n");
        int every = (int)Math.Ceiling(MemberWidth * epochs.Starts.Count / (Right - Left));
        for (int i = 0; i < epochs.Starts.Count; i++)
        {
            int start = epochs.Starts[i];

            // Where not every number has room, lines would only run through those that are there.
            svg.Append(i == 0 || every > 1 ? "" : string.Create(culture, $"<path class=\"member\" d=\"M{epochs.Edge(start):0.##} {bottom}v44\"/>"));
            svg.Append(i % every > 0 ? "" : string.Create(culture,
                $"<text class=\"x title\" x=\"{(epochs.Edge(start) + epochs.Edge(epochs.End(start))) / 2:0.##}\" " +
                $"y=\"{bottom + 40}\">{history[start].Member}</text>\n"));
        }
    }

    /// <summary>One invisible strip for each epoch, which shows its numbers when the pointer rests on it.</summary>
    private void DrawStrips(StringBuilder svg, EpochScale epochs, double bottom)
    {
        for (int i = 0; i < history.Count && history.Count <= MostStrips; i++)
        {
            EpochReport report = history[i];
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect class=\"strip\" x=\"{epochs.X(i) - (epochs.Step / 2):0.##}\" y=\"{Top}\" width=\"{epochs.Step:0.##}\" height=\"{bottom - Top}\">");
            svg.Append(CultureInfo.InvariantCulture,
                $"<title>{(epochs.Starts.Count > 1 ? $"member {report.Member}, " : "")}epoch {report.Epoch}: {SvgDocument.Escape(Metrics(report))}, ");
            svg.Append(CultureInfo.InvariantCulture,
                $"learning rate {CurveAxis.Text(report.LearningRate)}, gradient norm {CurveAxis.Text(report.GradientNorm)}</title></rect>\n");
        }
    }
}
