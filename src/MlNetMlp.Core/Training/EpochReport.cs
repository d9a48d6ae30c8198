namespace MlNetMlp;

/// <summary>What one epoch of training brought.</summary>
/// <param name="Epoch">The epoch's number, from 1.</param>
/// <param name="Epochs">The number of epochs that were asked for.</param>
/// <param name="TrainingLoss">The mean loss over the training rows, each as it was seen in its mini-batch; without penalties.</param>
/// <param name="ValidationLoss">The mean loss over the validation rows after the epoch, or null if there are none.</param>
/// <param name="ValidationMetric">The measure named by <see cref="Loss.MetricName"/> over the validation rows, or null if there are none.</param>
/// <param name="LearningRate">The learning rate of the last mini-batch.</param>
/// <param name="GradientNorm">The Euclidean norm of the last mini-batch's gradient, before clipping.</param>
/// <param name="Elapsed">The time since the training began.</param>
/// <param name="IsBest">Whether the model so far is that of this epoch.</param>
public sealed record EpochReport(
    int Epoch,
    int Epochs,
    double TrainingLoss,
    double? ValidationLoss,
    double? ValidationMetric,
    float LearningRate,
    double GradientNorm,
    TimeSpan Elapsed,
    bool IsBest)
{
    /// <summary>
    /// The loss that the choice of the best epoch, <see cref="EarlyStopping"/> and <see cref="Schedule.ReduceOnPlateau"/> go by: that of the
    /// validation rows, or of the training rows, with penalties, where there are none.
    /// </summary>
    public double MonitoredLoss { get; init; }
}
