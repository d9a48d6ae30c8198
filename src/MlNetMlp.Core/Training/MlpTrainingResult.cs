namespace MlNetMlp;

/// <summary>A trained model and how it came about.</summary>
/// <param name="Model">The network with the parameters of the best epoch.</param>
/// <param name="History">One report for each completed epoch.</param>
/// <param name="BestEpoch">
/// The number, from 1, of the epoch that the model's parameters come from; 0 if they come from none: from the model that the training continued from, see
/// <see cref="IsInitialModel"/>, or from a first epoch that was cancelled on its way.
/// </param>
/// <param name="End">Why the training ended.</param>
public sealed record MlpTrainingResult(MlpModel Model, IReadOnlyList<EpochReport> History, int BestEpoch, TrainingEnd End)
{
    /// <summary>
    /// Whether the model is the one that the training continued from, with its own parameters, because no epoch had a lower loss. Only a training
    /// that compares, by validation rows or for early stopping, can find that.
    /// </summary>
    public bool IsInitialModel { get; init; }
}
