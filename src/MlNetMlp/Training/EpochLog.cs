using System.Globalization;
using System.Text;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>Passes what an epoch brought on to ML.NET's log and progress channels, and to the caller.</summary>
internal sealed class EpochLog : IProgress<EpochReport>, IDisposable
{
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly IProgress<EpochReport>? _next;
    private readonly string _metricName;

    // Read by whoever polls the progress channel, on another thread.
    private volatile EpochReport? _latest;

    public EpochLog(IHost host, IChannel channel, string metricName, bool hasValidation, IProgress<EpochReport>? next)
    {
        _channel = channel;
        _next = next;
        _metricName = metricName;
        _progress = host.StartProgressChannel("Training a multilayer perceptron");
        string[] training = ["training loss", $"training {metricName}"];
        string[] metrics = hasValidation ? [.. training, "validation loss", $"validation {metricName}"] : training;
        _progress.SetHeader(new ProgressHeader(metrics, ["epochs"]), entry =>
        {
            if (_latest is { } report)
            {
                entry.SetProgress(0, Done(report), Planned(report));
                entry.SetMetric(0, report.TrainingLoss);
                entry.SetMetric(1, report.TrainingMetric);
                if (report is { ValidationLoss: { } loss, ValidationMetric: { } metric })
                {
                    entry.SetMetric(2, loss);
                    entry.SetMetric(3, metric);
                }
            }
        });
    }

    public void Report(EpochReport value)
    {
        _latest = value;
        _channel.Info(MessageSensitivity.None, Line(value));
        if (value.ValidationLoss is null)
        {
            _progress.Checkpoint(value.TrainingLoss, value.TrainingMetric, Done(value), Planned(value));
        }
        else
        {
            _progress.Checkpoint(
                value.TrainingLoss, value.TrainingMetric, value.ValidationLoss, value.ValidationMetric, Done(value), Planned(value));
        }

        _next?.Report(value);
    }

    public void Dispose() => _progress.Dispose();

    /// <summary>Epochs over all members; those of a snapshot ensemble may differ by one.</summary>
    private static int Done(EpochReport report) => (report.Member - 1) * report.NumberOfEpochs + report.Epoch;

    private static int Planned(EpochReport report) => report.Members * report.NumberOfEpochs;

    private string Line(EpochReport report)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var line = new StringBuilder();
        line.Append(culture,
            $"{(report.Members > 1 ? $"Member {report.Member}/{report.Members}, epoch" : "Epoch")} {report.Epoch}/{report.NumberOfEpochs}: " +
            $"training loss {report.TrainingLoss:G5}, training {_metricName} {report.TrainingMetric:G5}");
        if (report.ValidationLoss is { } loss)
        {
            line.Append(culture, $", validation loss {loss:G5}, validation {_metricName} {report.ValidationMetric:G5}");
        }

        line.Append(culture, $", learning rate {report.LearningRate:G4}, gradient norm {report.GradientNorm:G4}, {report.Elapsed.TotalSeconds:F1} s");
        return line.Append(report.IsBest ? ", best so far" : "").ToString();
    }
}
