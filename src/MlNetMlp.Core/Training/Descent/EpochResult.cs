namespace MlNetMlp;

/// <summary>How an epoch of a descent went.</summary>
/// <param name="Loss">The mean loss over the training rows as the epoch met them, without penalties; of no use if it is not complete.</param>
/// <param name="Metric">The metric over the same rows.</param>
/// <param name="IsComplete">False if it was cancelled on the way.</param>
/// <param name="HasMoved">Whether any step was made, so that the parameters of an epoch that was cancelled may be of use.</param>
internal readonly record struct EpochResult(double Loss, double Metric, bool IsComplete, bool HasMoved);
