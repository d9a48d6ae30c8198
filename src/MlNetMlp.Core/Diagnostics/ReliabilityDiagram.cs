using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>
/// Whether probabilities mean what they say: of the rows with probabilities about 0.7, seven in ten should come true. Immutable.
/// </summary>
/// <remarks>
/// The rows are divided into bins of equal width by their probability. (Morris H. DeGroot and Stephen E. Fienberg, The Comparison and Evaluation of
/// Forecasters, 1983; Chuan Guo, Geoff Pleiss, Yu Sun and Kilian Q. Weinberger, On Calibration of Modern Neural Networks, 2017.)
/// </remarks>
public sealed class ReliabilityDiagram
{
    private const double Size = 460, Left = 72, Top = 92, Gap = 62, CountHeight = 90, Bottom = 56;

    private const int FewestRows = 5;

    private static readonly SvgRule[] _style =
    [
        new(".ideal", "stroke", "#69717f", "#98a1b0"),
        new(".ideal", "stroke-dasharray", "3 4"),
        new(".ideal", "fill", "none"),
        new(".curve", "stroke", "#2f6fde", "#6ea3ff"),
        new(".curve", "stroke-width", "2"),
        new(".curve", "fill", "none"),
        new(".bin", "fill", "#2f6fde", "#6ea3ff"),
        new(".range", "stroke", "#2f6fde", "#6ea3ff"),
        new(".range", "stroke-opacity", "0.5"),
        new(".count", "fill", "#2f6fde", "#6ea3ff"),
        new(".count", "fill-opacity", "0.55"),
    ];

    private ReliabilityDiagram(ReliabilityBin[] bins, double brierScore)
    {
        (Bins, BrierScore) = (bins, brierScore);
        Rows = bins.Sum(bin => bin.Rows);
        ExpectedCalibrationError = bins.Where(bin => bin.Rows > 0).Sum(bin => bin.Rows * Math.Abs(bin.MeanProbability - bin.Share)) / Rows;
    }

    /// <summary>The bins, from the lowest probabilities to the highest.</summary>
    public IReadOnlyList<ReliabilityBin> Bins { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>
    /// How far probabilities and shares lie apart: <c>sum over bins n_b / n |mean probability - share|</c>. 0 is best. With few rows it is never near 0: shares
    /// of some rows lie apart from the truth as well.
    /// </summary>
    public double ExpectedCalibrationError { get; }

    /// <summary>The mean of <c>(probability - outcome)^2</c>, the outcome 1 or 0 (Brier 1950).</summary>
    public double BrierScore { get; }

    /// <summary>Divides rows into bins.</summary>
    /// <param name="probabilities">The probability that each row comes true, in [0, 1].</param>
    /// <param name="outcomes">Whether it did.</param>
    /// <param name="bins">The number of bins, in [2, 100]. Default 10.</param>
    /// <exception cref="ArgumentException">There are no rows, or not as many probabilities as outcomes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability is not in [0, 1], or the number of bins is not in [2, 100].</exception>
    public static ReliabilityDiagram Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> outcomes, int bins = 10)
    {
        Require.InRange(bins, 2, 100, nameof(bins));
        if (probabilities.Length != outcomes.Length || probabilities.IsEmpty)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {probabilities.Length} probabilities and {outcomes.Length} outcomes; as many are needed, and at least one."));
        }

        int[] rows = new int[bins], came = new int[bins];
        double[] sums = new double[bins];
        double squares = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            float probability = probabilities[i];
            if (!(probability >= 0 && probability <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(probabilities), probability, FormattableString.Invariant(
                    $"The probability of row {i} (from 0) is {probability}; it must be in [0, 1]."));
            }

            int bin = Math.Min((int)((double)probability * bins), bins - 1);
            rows[bin]++;
            came[bin] += outcomes[i] ? 1 : 0;
            sums[bin] += probability;
            squares += Math.Pow(probability - (outcomes[i] ? 1 : 0), 2);
        }

        return new([.. Enumerable.Range(0, bins).Select(bin => new ReliabilityBin
        {
            From = (double)bin / bins,
            To = (bin + 1.0) / bins,
            Rows = rows[bin],
            MeanProbability = sums[bin] / rows[bin],
            Share = (double)came[bin] / rows[bin],
        })], squares / probabilities.Length);
    }

    /// <summary>
    /// A picture, for any browser: the share of rows that came true over their mean probability, with ranges of 95 % of each share (Wilson 1927), and below
    /// how many rows there are.
    /// </summary>
    public string ToSvg()
    {
        double height = Top + Size + Gap + CountHeight + Bottom;
        var document = new SvgDocument("Reliability", Left + Size + 40, height, _style);
        document.AddHead(Left, ToString());
        CurveAxis shares = CurveAxis.Between(0, 1, room: 5);
        var panel = new SvgPanel(document, Left, Top, Size, Size, shares, shares);
        panel.DrawScales("Share that came true", "probability");
        panel.DrawLine("ideal", [(0, 0), (1, 1)]);
        ReliabilityBin[] filled = [.. Bins.Where(bin => bin.Rows > 0)];
        foreach (ReliabilityBin bin in filled)
        {
            (double low, double high) = Range(bin.Share, bin.Rows);
            panel.DrawLine("range", [(bin.MeanProbability, low), (bin.MeanProbability, high)]);
        }

        // A line through bins of some rows would only show their noise.
        panel.DrawLine("curve", filled.Select(bin => (bin.MeanProbability, bin.Rows >= FewestRows ? bin.Share : double.NaN)));
        foreach (ReliabilityBin bin in filled)
        {
            panel.DrawDot("bin", bin.MeanProbability, bin.Share, 4.5, bin.ToString());
        }

        panel.DrawLegend(("observed", "curve"), ("ideal", "ideal"));
        var counts = new SvgPanel(
            document, Left, Top + Size + Gap, Size, CountHeight, shares, CurveAxis.Between(0, 1.05 * Bins.Max(bin => bin.Rows), room: 3));
        counts.DrawScales("Rows", "");
        foreach (ReliabilityBin bin in filled)
        {
            counts.DrawBar("count", bin.From, bin.To, bin.Rows, bin.ToString());
        }

        return document.ToString();
    }

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file, for example <c>reliability.svg</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSvg(string path) => AtomicFile.WriteText(path, ToSvg());

    /// <summary>For example <c>calibration error 0.0123, Brier score 0.0912, 6000 rows</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"calibration error {ExpectedCalibrationError:G3}, Brier score {BrierScore:G3}, {Rows} rows");

    /// <summary>The score interval of Wilson for a share of n rows, at 95 %.</summary>
    internal static (double Low, double High) Range(double share, int n)
    {
        const double Z = 1.959964;
        double middle = share + Z * Z / (2 * n), half = Z * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4.0 * n * n))), all = 1 + Z * Z / n;
        return ((middle - half) / all, (middle + half) / all);
    }
}
