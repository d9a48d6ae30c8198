namespace MlNetMlp;

/// <summary>A trained model and how it came about.</summary>
/// <param name="Model">The network with the parameters of the best epoch, or the ensemble of such networks.</param>
/// <param name="History">One report for each completed epoch; those of the members of an <see cref="Ensemble"/> one after the other.</param>
/// <param name="BestEpoch">
/// The number, from 1, of the epoch that the model's parameters come from; 0 if they come from none: from the model that the training continued from, see
/// <see cref="IsInitialModel"/>, or from a first epoch that was cancelled on its way; and for an ensemble, whose members have best epochs of
/// their own.
/// </param>
/// <param name="End">Why the training ended; of an ensemble, <see cref="TrainingEnd.StoppedEarly"/> if one of its members stopped early.</param>
public sealed record MlpTrainingResult(MlpModel Model, TrainingHistory History, int BestEpoch, TrainingEnd End)
{
    /// <summary>
    /// How each member of an ensemble came about, in the order of <see cref="MlpModel.Members"/>; empty for a training without
    /// <see cref="MlpTrainingOptions.Ensemble"/>.
    /// </summary>
    public IReadOnlyList<MlpTrainingResult> Members { get; init; } = [];

    /// <summary>
    /// Whether the model is the one that the training continued from, with its own parameters, because no epoch had a lower loss. Only a training
    /// that compares, by validation rows or for early stopping, can find that.
    /// </summary>
    public bool IsInitialModel { get; init; }
}
