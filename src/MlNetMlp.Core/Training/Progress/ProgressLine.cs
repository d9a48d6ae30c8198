using System.Globalization;

namespace MlNetMlp;

/// <summary>An epoch in a line that fits a terminal.</summary>
internal static class ProgressLine
{
    /// <summary>Of a terminal that does not know its own.</summary>
    public const int UsualWidth = 80;

    private const int LongestBar = 30, ShortestBar = 8;

    /// <param name="report">The epoch.</param>
    /// <param name="best">The best so far of this network, or null.</param>
    /// <param name="width">The most characters, at least 1; what has no place is left out, the least important first.</param>
    /// <param name="hasUnicode">Whether the bar may have other than ASCII characters.</param>
    public static string Of(EpochReport report, EpochReport? best, int width, bool hasUnicode)
    {
        string member = report.Members > 1 ? Text($"member {report.Member}/{report.Members}, ") : "";
        string head = Text($"{member}epoch {report.Epoch}/{report.NumberOfEpochs} ");
        bool isValidated = report.ValidationLoss is not null;

        // In the order in which they stand; the numbers say which go first where there is no place.
        var parts = new List<(int Rank, string Text)>
        {
            (2, Text($"loss {report.TrainingLoss:G4}")),
            (isValidated ? 1 : 9, Text($"validation {report.ValidationLoss:G4}")),
            (4, Text($"{report.MetricName} {report.ValidationMetric ?? report.TrainingMetric:G4}")),
            (best is null ? 9 : 5, Text($"best {best?.Epoch}")),
            (3, Left(report)),
        };
        parts.RemoveAll(part => part.Rank == 9);
        while (parts.Count > 0 && head.Length + ShortestBar + Length(parts) > width)
        {
            parts.Remove(parts.MaxBy(part => part.Rank));
        }

        int bar = Math.Clamp(width - head.Length - Length(parts), 0, LongestBar);
        string line = head + Bar(Share(report), bar, hasUnicode) + string.Concat(parts.Select(part => "  " + part.Text));
        return line.Length <= width ? line : line[..width];
    }

    private static int Length(List<(int Rank, string Text)> parts) => parts.Sum(part => 2 + part.Text.Length);

    /// <summary>The share of all epochs, of all members, that are done.</summary>
    private static double Share(EpochReport report) =>
        ((report.Member - 1) * (double)report.NumberOfEpochs + report.Epoch) / ((double)report.Members * report.NumberOfEpochs);

    private static string Bar(double share, int length, bool hasUnicode)
    {
        int done = (int)Math.Round(share * length);
        return new string(hasUnicode ? '\u2501' : '#', done) + new string(hasUnicode ? '\u2500' : '.', length - done);
    }

    private static string Left(EpochReport report)
    {
        double share = Share(report), left = Math.Ceiling(report.Elapsed.TotalSeconds * (1 - share) / share);
        return share >= 1 ? Text($"{report.Elapsed.TotalSeconds:F1} s")
            : left < 120 ? Text($"{left} s left")
            : left < 7200 ? Text($"{Math.Ceiling(left / 60)} min left")
            : Text($"{left / 3600:F1} h left");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
