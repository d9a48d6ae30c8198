using Microsoft.Extensions.Logging;

namespace MlNetMlp.Hosting;

/// <summary>Writes epochs, and in the end how the training went, to a logger.</summary>
internal sealed partial class EpochLogger(ILogger logger, LogLevel level) : IEndingProgress
{
    private readonly ILogger _logger = logger;

    public void Report(EpochReport value) => LogEpoch(
        level, value.Epoch, value.NumberOfEpochs, value.Member, value.Members, value.TrainingLoss, value.MetricName, value.TrainingMetric,
        value.ValidationLoss, value.ValidationMetric, value.LearningRate, value.GradientNorm, value.Elapsed.TotalSeconds, value.IsBest);

    public void End(MlpTrainingResult? result)
    {
        foreach (string sentence in result?.Sentences() ?? [])
        {
            LogEnd(level, sentence);
        }
    }

    /// <summary>What it does.</summary>
    public override string ToString() => $"every epoch to a logger, as {level}";

    [LoggerMessage(EventId = 11, EventName = "Epoch", Message =
        "Epoch {Epoch}/{NumberOfEpochs} of member {Member}/{Members}: training loss {TrainingLoss:G5}, training {MetricName} {TrainingMetric:G5}, " +
        "validation loss {ValidationLoss:G5}, validation metric {ValidationMetric:G5}, learning rate {LearningRate:G4}, " +
        "gradient norm {GradientNorm:G4}, {Seconds:F1} s, best so far: {IsBest}")]
    private partial void LogEpoch(
        LogLevel level, int epoch, int numberOfEpochs, int member, int members, double trainingLoss, string metricName, double trainingMetric,
        double? validationLoss, double? validationMetric, float learningRate, double gradientNorm, double seconds, bool isBest);

    [LoggerMessage(EventId = 12, EventName = "TrainingEnded", Message = "{Sentence}")]
    private partial void LogEnd(LogLevel level, string sentence);
}
