using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace MlNetMlp.Interactive;

/// <summary>Learning curves in a cell, drawn anew while a training runs. For one training at a time.</summary>
/// <param name="shortest">The shortest time between two drawings.</param>
internal sealed class LiveCurves(TimeSpan shortest) : IEndingProgress
{
    private readonly List<EpochReport> _reports = [];
    private DisplayedValue? _shown;
    private TimeSpan _shownAt;

    public void Report(EpochReport value)
    {
        // Of the cell that trains, which need not be the one that made the options.
        if (KernelInvocationContext.Current is not { } cell)
        {
            Console.WriteLine(value);
            return;
        }

        _reports.Add(value);
        if (_shown is null || value.Elapsed - _shownAt >= shortest)
        {
            Show(value.Elapsed, cell);
        }
    }

    public void End(MlpTrainingResult? result)
    {
        if (_reports.Count > 0 && KernelInvocationContext.Current is { } cell)
        {
            Show(_reports[^1].Elapsed, cell);
        }

        _reports.Clear();
        _shown = null;
    }

    /// <summary>What it does.</summary>
    public override string ToString() => "learning curves in the cell of a notebook";

    private void Show(TimeSpan elapsed, KernelInvocationContext cell)
    {
        var history = new TrainingHistory(_reports, _reports[0].MetricName);
        _shownAt = elapsed;
        if (_shown is null)
        {
            _shown = cell.Display(history, HtmlFormatter.MimeType);
        }
        else
        {
            _shown.Update(history);
        }
    }
}
