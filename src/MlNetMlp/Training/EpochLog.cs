using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>Passes what an epoch brought on to ML.NET's log and progress channels, and to the caller.</summary>
internal sealed class EpochLog : IEndingProgress, IDisposable
{
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly IProgress<EpochReport>? _next;

    // Read by whoever polls the progress channel, on another thread.
    private volatile EpochReport? _latest;

    public EpochLog(IHost host, IChannel channel, string metricName, bool hasValidation, IProgress<EpochReport>? next)
    {
        _channel = channel;
        _next = next;
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
        _channel.Info(MessageSensitivity.None, value.ToString());
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

    public void End(MlpTrainingResult? result) => (_next as IEndingProgress)?.End(result);

    public void Dispose() => _progress.Dispose();

    /// <summary>Epochs over all members; those of a snapshot ensemble may differ by one.</summary>
    private static int Done(EpochReport report) => (report.Member - 1) * report.NumberOfEpochs + report.Epoch;

    private static int Planned(EpochReport report) => report.Members * report.NumberOfEpochs;
}
