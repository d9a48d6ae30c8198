using System.Globalization;
using System.Text;

namespace MlNetMlp.Diagnostics;

/// <summary>What <see cref="LearningRateFinder"/> found: the loss for every rate that was tried, and a rate to begin with. Immutable.</summary>
public sealed class LearningRateCurve
{
    private const double Width = 860, Height = 440, Left = 72, Top = 92, Bottom = 56;

    /// <summary>Losses are averaged over this part of the curve to both sides.</summary>
    private const int SmoothingPart = 20;

    /// <summary>The lowest loss is where the training is about to fail: a tenth of that rate is a safe and quick one.</summary>
    private const float Caution = 10;

    private static readonly SvgRule[] _style =
    [
        new(".raw", "fill", "#2f6fde", "#6ea3ff"),
        new(".raw", "fill-opacity", "0.35"),
        new(".curve", "fill", "none"),
        new(".curve", "stroke", "#2f6fde", "#6ea3ff"),
        new(".curve", "stroke-width", "2.5"),
        new(".curve", "stroke-linejoin", "round"),
        new(".suggested", "stroke", "#14875a", "#4cc795"),
        new(".suggested", "stroke-width", "2"),
        new(".lowest", "stroke", "#d9650b", "#ffa057"),
        new(".lowest", "stroke-dasharray", "3 4"),
    ];

    internal LearningRateCurve(IReadOnlyList<(float Rate, double Loss)> losses)
    {
        double[] smoothed = Smoothed(losses);
        Points = [.. losses.Select((point, i) => new LearningRatePoint { Rate = point.Rate, Loss = point.Loss, SmoothedLoss = smoothed[i] })];
        int lowest = Array.IndexOf(smoothed, smoothed.Min());
        LowestLossRate = losses[lowest].Rate;
        SuggestedRate = smoothed[lowest] < smoothed[0] ? LowestLossRate / Caution : null;
    }

    /// <summary>The rates that were tried, from the lowest to the last before the loss exploded.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>The rate with the lowest smoothed loss: the highest at which the network still learns.</summary>
    public float LowestLossRate { get; }

    /// <summary>
    /// A rate to begin with, for a schedule that falls from there, or for its highest: a tenth of <see cref="LowestLossRate"/>; null if the loss was lowest at
    /// the beginning, so that no rate is any good.
    /// </summary>
    /// <remarks>
    /// It is a rule of thumb, and the loss of some hundred mini-batches is a noisy thing: rates from a third to three times of it are as probable.
    /// </remarks>
    public float? SuggestedRate { get; }

    /// <summary>
    /// A table of comma-separated values: <c>Rate,Loss,SmoothedLoss</c>, with all digits, in every culture; lines end with a line feed.
    /// </summary>
    public string ToCsv()
    {
        var text = new StringBuilder("Rate,Loss,SmoothedLoss\n");
        foreach (LearningRatePoint point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Rate},{point.Loss},{point.SmoothedLoss}\n");
        }

        return text.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCsv(string path) => AtomicFile.WriteText(path, ToCsv());

    /// <summary>A picture of the losses over the rates, for any browser, with the suggestion marked.</summary>
    public string ToSvg()
    {
        var document = new SvgDocument("Learning rate", Width, Height, _style);
        document.AddHead(Left, ToString());
        double[] smoothed = [.. Points.Select(point => point.SmoothedLoss)];
        double height = Height - Top - Bottom, start = smoothed.Take(Math.Max(1, smoothed.Length / 4)).Max();

        // What comes behind the lowest loss, up to the explosion, would press all that matters to the ground.
        var up = new CurveAxis(smoothed.Where(loss => loss <= 1.5 * Math.Abs(start)).DefaultIfEmpty(start), room: 8);
        var panel = new SvgPanel(
            document, Left, Top, Width - Left - 24, height, CurveAxis.Logarithmic([.. Points.Select(point => (double)point.Rate)], room: 12), up);
        panel.DrawScales("Loss", "learning rate");
        foreach (LearningRatePoint point in Points.Where(point => up.Position(point.Loss) is >= 0 and <= 1))
        {
            panel.DrawDot("raw", point.Rate, point.Loss, 2, point.ToString());
        }

        panel.DrawLine("curve", Points.Select(point =>
            ((double)point.Rate, up.Position(point.SmoothedLoss) is >= 0 and <= 1 ? point.SmoothedLoss : double.NaN)));
        panel.DrawMark("lowest", LowestLossRate);
        (string, string)[] entries = [("smoothed loss", "curve"), ("lowest loss", "lowest")];
        if (SuggestedRate is { } rate && rate >= Points[0].Rate)
        {
            panel.DrawMark("suggested", rate);
            entries = [.. entries, ("suggested", "suggested")];
        }

        panel.DrawLegend(entries);
        return document.ToString();
    }

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file, for example <c>rates.svg</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSvg(string path) => AtomicFile.WriteText(path, ToSvg());

    /// <summary>For example <c>rates from 1E-06 to 3.2: lowest loss at 0.05, suggested 0.005</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"rates from {Points[0].Rate:G2} to {Points[^1].Rate:G2}: lowest loss at {LowestLossRate:G2}, ") +
        (SuggestedRate is { } rate ? FormattableString.Invariant($"suggested {rate:G2}") : "none is suggested, because the loss does not fall");

    /// <summary>Means of the losses around each, with weights that fall linearly to both sides: unlike a running mean, it lags behind nothing.</summary>
    private static double[] Smoothed(IReadOnlyList<(float Rate, double Loss)> losses)
    {
        int reach = Math.Max(1, losses.Count / SmoothingPart);
        double[] smoothed = new double[losses.Count];
        for (int i = 0; i < smoothed.Length; i++)
        {
            double sum = 0, weights = 0;
            for (int j = Math.Max(0, i - reach); j <= Math.Min(losses.Count - 1, i + reach); j++)
            {
                double weight = reach + 1 - Math.Abs(i - j);
                sum += weight * losses[j].Loss;
                weights += weight;
            }

            smoothed[i] = sum / weights;
        }

        return smoothed;
    }
}
