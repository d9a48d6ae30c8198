using Microsoft.Extensions.Logging;

namespace MlNetMlp.Hosting;

/// <summary>Writes epochs, and in the end how the training went, to a logger.</summary>
internal sealed partial class EpochLogger(ILogger logger, LogLevel level) : IEndingProgress
{
    private readonly ILogger _logger = logger;

    public void Report(EpochReport value)
    {
        if (_logger.IsEnabled(level))
        {
            _logger.Log(level, new EventId(11, "Epoch"), ValuesOf(value), null, (_, _) => value.ToString());
        }
    }

    public void End(MlpTrainingResult? result)
    {
        foreach (string sentence in result?.Sentences() ?? [])
        {
            LogEnd(level, sentence);
        }
    }

    /// <summary>What it does.</summary>
    public override string ToString() => $"every epoch to a logger, as {level}";

    /// <summary>The numbers by their names. The text is that of the report, which leaves out what there is none of.</summary>
    private static KeyValuePair<string, object?>[] ValuesOf(EpochReport report) =>
    [
        new(nameof(report.Epoch), report.Epoch), new(nameof(report.NumberOfEpochs), report.NumberOfEpochs),
        new(nameof(report.Member), report.Member), new(nameof(report.Members), report.Members),
        new(nameof(report.TrainingLoss), report.TrainingLoss), new(nameof(report.MetricName), report.MetricName),
        new(nameof(report.TrainingMetric), report.TrainingMetric), new(nameof(report.ValidationLoss), report.ValidationLoss),
        new(nameof(report.ValidationMetric), report.ValidationMetric), new(nameof(report.LearningRate), report.LearningRate),
        new(nameof(report.GradientNorm), report.GradientNorm), new("Seconds", report.Elapsed.TotalSeconds), new(nameof(report.IsBest), report.IsBest),
        new("{OriginalFormat}", "Epoch {Epoch} of {NumberOfEpochs}"),
    ];

    [LoggerMessage(EventId = 12, EventName = "TrainingEnded", Message = "{Sentence}")]
    private partial void LogEnd(LogLevel level, string sentence);
}
