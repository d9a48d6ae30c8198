using System.Globalization;
using System.Text;

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
    /// The metric named by <see cref="MetricName"/> over the training rows, each as it was seen in its mini-batch, with dropout and before the step;
    /// example weights count, class weights do not.
    /// </summary>
    public double TrainingMetric { get; init; }

    /// <summary>The mean loss over the validation rows after the epoch, or null if there are none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// The metric named by <see cref="MetricName"/> over the validation rows after the epoch, or null if there are none; example weights count, class
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

    /// <summary>The name of the metric, as <see cref="Loss.MetricName"/> or <see cref="EpochMetric.Name"/> says it.</summary>
    public string MetricName { get; init; } = "metric";

    /// <summary>
    /// One line, for example <c>Epoch 3/50: training loss 0.4812, training Accuracy 0.8312, validation loss 0.5021, validation Accuracy 0.8205, learning rate
    /// 0.0018, gradient norm 0.32, 1.2 s, best so far</c>; the properties have all digits.
    /// </summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var line = new StringBuilder();
        line.Append(culture, $"{(Members > 1 ? $"Member {Member}/{Members}, epoch" : "Epoch")} {Epoch}/{NumberOfEpochs}: ");
        line.Append(culture, $"training loss {TrainingLoss:G5}, training {MetricName} {TrainingMetric:G5}");
        if (ValidationLoss is { } loss)
        {
            line.Append(culture, $", validation loss {loss:G5}, validation {MetricName} {ValidationMetric:G5}");
        }

        line.Append(culture, $", learning rate {LearningRate:G4}, gradient norm {GradientNorm:G4}, {Elapsed.TotalSeconds:F1} s");
        return line.Append(IsBest ? ", best so far" : "").ToString();
    }
}
