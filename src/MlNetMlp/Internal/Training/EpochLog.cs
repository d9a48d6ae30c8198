using System.Globalization;
using System.Text;
using Microsoft.ML.Runtime;

namespace MlNetMlp.Internal;

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
        string[] metrics = hasValidation ? ["training loss", "validation loss", $"validation {metricName}"] : ["training loss"];
        _progress.SetHeader(new ProgressHeader(metrics, ["epochs"]), entry =>
        {
            if (_latest is { } report)
            {
                entry.SetProgress(0, report.Epoch, report.Epochs);
                entry.SetMetric(0, report.TrainingLoss);
                if (report is { ValidationLoss: { } loss, ValidationMetric: { } metric })
                {
                    entry.SetMetric(1, loss);
                    entry.SetMetric(2, metric);
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
            _progress.Checkpoint(value.TrainingLoss, value.Epoch, value.Epochs);
        }
        else
        {
            _progress.Checkpoint(value.TrainingLoss, value.ValidationLoss, value.ValidationMetric, value.Epoch, value.Epochs);
        }

        _next?.Report(value);
    }

    public void Dispose() => _progress.Dispose();

    private string Line(EpochReport report)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var line = new StringBuilder();
        line.Append(culture, $"Epoch {report.Epoch}/{report.Epochs}: training loss {report.TrainingLoss:G5}");
        if (report.ValidationLoss is { } loss)
        {
            line.Append(culture, $", validation loss {loss:G5}, validation {_metricName} {report.ValidationMetric:G5}");
        }

        line.Append(culture, $", learning rate {report.LearningRate:G4}, gradient norm {report.GradientNorm:G4}, {report.Elapsed.TotalSeconds:F1} s");
        return line.Append(report.IsBest ? ", best so far" : "").ToString();
    }
}
