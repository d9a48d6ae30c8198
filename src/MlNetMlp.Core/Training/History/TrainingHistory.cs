using System.Collections;
using System.Globalization;
using System.Text;

namespace MlNetMlp;

/// <summary>The reports of all epochs of a training run, as a list and as a table in a file. Immutable.</summary>
/// <remarks>Of an ensemble, the epochs of its members follow each other.</remarks>
public sealed class TrainingHistory : IReadOnlyList<EpochReport>
{
    private readonly EpochReport[] _reports;

    /// <param name="reports">One for each epoch, in their order; those that a progress was told of will do.</param>
    /// <param name="metricName">The name of the metric, for example <c>Accuracy</c>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    internal TrainingHistory(IEnumerable<EpochReport> reports, string metricName)
    {
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentNullException.ThrowIfNull(metricName);
        _reports = [.. reports.Select(report => report with { MetricName = metricName })];
        MetricName = metricName;
    }

    /// <summary>
    /// The name of <see cref="EpochReport.TrainingMetric"/> and <see cref="EpochReport.ValidationMetric"/>, for example <c>Accuracy</c>.
    /// </summary>
    public string MetricName { get; }

    /// <summary>The report of the epoch that the model is from; null if there is none, as for the members of an ensemble taken together.</summary>
    public EpochReport? Best => Array.TrueForAll(_reports, report => report.Member == _reports[0].Member)
        ? Array.FindLast(_reports, report => report.IsBest) : null;

    /// <inheritdoc/>
    public int Count => _reports.Length;

    /// <inheritdoc/>
    public EpochReport this[int index] => _reports[index];

    /// <inheritdoc/>
    public IEnumerator<EpochReport> GetEnumerator() => ((IEnumerable<EpochReport>)_reports).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// A table of comma-separated values: a line of names, then a line for each epoch. Numbers have as many digits as it takes to read back the same
    /// bits, in every culture; what an epoch does not have is empty. Times are in seconds. Lines end with a line feed.
    /// </summary>
    public string ToCsv()
    {
        var text =
            new StringBuilder(
            "Member,Epoch,TrainingLoss,TrainingMetric,RunningLoss,Penalty,ValidationLoss,ValidationMetric,LearningRate,GradientNorm,ElapsedSeconds,IsBest\n");
        foreach (EpochReport report in _reports)
        {
            text.Append(CultureInfo.InvariantCulture, $"{report.Member},{report.Epoch},{report.TrainingLoss},{report.TrainingMetric},");
            text.Append(CultureInfo.InvariantCulture, $"{report.RunningLoss},{report.Penalty},");
            text.Append(CultureInfo.InvariantCulture, $"{report.ValidationLoss},{report.ValidationMetric},{report.LearningRate},{report.GradientNorm},");
            text.Append(CultureInfo.InvariantCulture, $"{report.Elapsed.TotalSeconds},{report.IsBest}\n");
        }

        return text.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCsv(string path) => AtomicFile.WriteText(path, ToCsv());

    /// <summary>The number of epochs and the last of them.</summary>
    public override string ToString() => Count == 0 ? "no epochs" : FormattableString.Invariant($"{Count} epochs, the last: {this[^1]}");
}
