namespace MlNetMlp;

/// <summary>A trained model and how it came about.</summary>
/// <param name="Model">The network with the parameters of the best epoch.</param>
/// <param name="History">One report for each completed epoch.</param>
/// <param name="BestEpoch">The number, from 1, of the epoch that the model's parameters come from; 0 if the first was cancelled.</param>
/// <param name="End">Why the training ended.</param>
public sealed record MlpTrainingResult(MlpModel Model, TrainingHistory History, int BestEpoch, TrainingEnd End);
