namespace MlNetMlp;

/// <summary>One line of a terminal that is written over with every epoch.</summary>
/// <param name="writer">The terminal.</param>
/// <param name="width">Its width, in characters.</param>
/// <param name="hasUnicode">Whether it shows more than ASCII.</param>
internal sealed class LiveProgress(TextWriter writer, Func<int> width, bool hasUnicode) : IEndingProgress
{
    /// <summary>Epochs that follow each other faster are not all shown.</summary>
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(50);

    private EpochReport? _best, _last;
    private TimeSpan? _shown;
    private int _written;

    public void Report(EpochReport value)
    {
        _best = value.IsBest ? value : _best?.Member == value.Member ? _best : null;
        _last = value;
        if (_shown is not { } shown || value.Elapsed - shown >= _shortest || value.Elapsed < shown)
        {
            Show(value);
        }
    }

    public void End(MlpTrainingResult? result)
    {
        if (_last is not null)
        {
            Show(_last);
            writer.WriteLine();
        }

        new LineProgress(writer).End(result);
        (_best, _last, _shown, _written) = (null, null, null, 0);
    }

    /// <summary>What it does.</summary>
    public override string ToString() => "a line that changes with every epoch";

    private void Show(EpochReport report)
    {
        // The last place of a line stays free: some terminals begin a new line behind it.
        string line = ProgressLine.Of(report, _best, width() - 1, hasUnicode);
        writer.Write($"\r{line}{new string(' ', Math.Max(0, _written - line.Length))}");
        writer.Flush();
        (_shown, _written) = (report.Elapsed, line.Length);
    }
}
