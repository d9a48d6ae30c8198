namespace MlNetMlp;

/// <summary>A trained model and how it was trained.</summary>
public sealed record MlpTrainingResult
{
    internal MlpTrainingResult()
    {
    }

    /// <summary>The network with the parameters of the best epoch, or the ensemble of such networks.</summary>
    public required MlpModel Model { get; init; }

    /// <summary>One report for each completed epoch; those of the members of an <see cref="Ensemble"/> one after the other.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>
    /// The number, from 1, of the epoch that the model's parameters come from; 0 if they come from none: from the model that the training continued from, see
    /// <see cref="IsInitialModel"/>, or from a first epoch that was cancelled midway; and for an ensemble, whose members each have their
    /// own best epoch.
    /// </summary>
    public required int BestEpoch { get; init; }

    /// <summary>Why the training ended; of an ensemble, <see cref="TrainingEnd.StoppedEarly"/> if one of its members stopped early.</summary>
    public required TrainingEnd End { get; init; }

    /// <summary>
    /// How each network of an ensemble was trained, in the order of <see cref="MlpModel.Members"/>; empty for a training run without
    /// <see cref="MlpTrainingOptions.Ensemble"/>, and for <see cref="Ensemble.Shared"/>, whose members are one network.
    /// </summary>
    public IReadOnlyList<MlpTrainingResult> Members { get; init; } = [];

    /// <summary>
    /// The mean loss over the training rows, each scored by those members of an ensemble alone that did not learn from it; null where none is validated so,
    /// see <see cref="Ensemble.Bagging(int, bool)"/> and <see cref="Ensemble.CrossFitted"/>, and where the training was cancelled. In the units of
    /// <see cref="EpochReport.ValidationLoss"/>.
    /// </summary>
    /// <remarks>
    /// Nearly an estimate of the loss of new rows: too low, because the members' best epochs were chosen by these rows; and too high, because a row is
    /// scored by some members and new rows by all.
    /// </remarks>
    public double? HeldOutLoss { get; init; }

    /// <summary>The metric named by <see cref="TrainingHistory.MetricName"/> of the same scores; example weights count, class weights do not.</summary>
    public double? HeldOutMetric { get; init; }

    /// <summary>The number of rows in <see cref="HeldOutLoss"/>: those that at least one member did not learn from; 0 where there is no such loss.</summary>
    public int HeldOutRows { get; init; }

    /// <summary>
    /// Whether the model is the one that the training continued from, with its own parameters, because no epoch had a lower loss. Only a training run
    /// that compares epochs, by validation rows or for early stopping, can find that.
    /// </summary>
    public bool IsInitialModel { get; init; }

    /// <summary>The model and how its training ended.</summary>
    public override string ToString() => FormattableString.Invariant($"{Model}, best epoch {BestEpoch} of {History.Count}, {End}");
}
