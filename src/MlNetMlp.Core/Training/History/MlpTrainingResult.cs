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
    /// How each member of an ensemble was trained, in the order of <see cref="MlpModel.Members"/>; empty for a training run without
    /// <see cref="MlpTrainingOptions.Ensemble"/>, and for <see cref="Ensemble.Shared"/>, whose members are trained together.
    /// </summary>
    public IReadOnlyList<MlpTrainingResult> Members { get; init; } = [];

    /// <summary>
    /// Whether the model is the one that the training continued from, with its own parameters, because no epoch had a lower loss. Only a training run
    /// that compares epochs, by validation rows or for early stopping, can find that.
    /// </summary>
    public bool IsInitialModel { get; init; }

    /// <summary>The model and how its training ended.</summary>
    public override string ToString() => FormattableString.Invariant($"{Model}, best epoch {BestEpoch} of {History.Count}, {End}");
}
