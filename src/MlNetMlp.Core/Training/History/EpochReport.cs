using System.Globalization;

namespace MlNetMlp;

/// <summary>The results of one epoch of training.</summary>
public sealed record EpochReport
{
    internal EpochReport()
    {
    }

    /// <summary>The epoch's number, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of epochs that were asked for, of each network.</summary>
    public required int NumberOfEpochs { get; init; }

    /// <summary>The mean loss over the training rows, each as it was seen in its mini-batch; without penalties.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>
    /// The metric named by <see cref="Loss.MetricName"/> over the training rows, each as it was seen in its mini-batch, with dropout and before the step;
    /// example weights count, class weights do not.
    /// </summary>
    public double TrainingMetric { get; init; }

    /// <summary>The mean loss over the validation rows after the epoch, or null if there are none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// The metric named by <see cref="Loss.MetricName"/> over the validation rows after the epoch, or null if there are none; example weights count, class
    /// weights do not.
    /// </summary>
    public double? ValidationMetric { get; init; }

    /// <summary>The learning rate of the last mini-batch.</summary>
    public required float LearningRate { get; init; }

    /// <summary>The Euclidean norm of the last mini-batch's gradient, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The time since the training began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether this epoch is the best so far, so that the model (or this member) has its parameters.</summary>
    public bool IsBest { get; init; }

    /// <summary>The number, from 1, of the member of an <see cref="Ensemble"/> that the epoch is of; 1 for a single network.</summary>
    public int Member { get; init; } = 1;

    /// <summary>The number of members that are to be trained; 1 for a single network.</summary>
    public int Members { get; init; } = 1;

    /// <summary>
    /// The mean loss over the rows of the last mini-batches up to the end of the epoch, some of which may belong to earlier epochs; how many they
    /// are is <see cref="MlpTrainingOptions.RunningLossBatches"/>. Without penalties.
    /// </summary>
    public double RunningLoss { get; init; }

    /// <summary>
    /// What penalties add to the loss that is minimised: those on weights at the end of the epoch, those on activations as the epoch met
    /// them.
    /// </summary>
    public double Penalty { get; init; }

    /// <summary>
    /// The loss that the choice of the best epoch, <see cref="EarlyStopping"/> and <see cref="Schedule.ReduceOnPlateau"/> go by: that of the
    /// validation rows, or of the training rows, with penalties, where there are none.
    /// </summary>
    public double MonitoredLoss => ValidationLoss ?? TrainingLoss + Penalty;

    /// <summary>Everything, each number with all of its digits, in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch} of {NumberOfEpochs}") +
        (Members > 1 ? string.Create(CultureInfo.InvariantCulture, $" of member {Member} of {Members}") : "") +
        string.Create(CultureInfo.InvariantCulture, $": training loss {TrainingLoss}, running loss {RunningLoss}, penalty {Penalty}") +
        (ValidationLoss is null ? "" : string.Create(CultureInfo.InvariantCulture, $", validation loss {ValidationLoss}, metric {ValidationMetric}")) +
        string.Create(CultureInfo.InvariantCulture, $", learning rate {LearningRate}, gradient norm {GradientNorm}, {Elapsed}") +
        (IsBest ? ", best so far" : "");
}
