namespace MlNetMlp.Search;

/// <summary>What one training of a trial brought.</summary>
/// <param name="Value">The metric on the held-out rows.</param>
/// <param name="Epochs">The number of epochs that were trained.</param>
/// <param name="BestEpoch">The epoch, from 1, that the measured model is from.</param>
/// <param name="Elapsed">The time of training and measuring.</param>
public sealed record FoldScore(double Value, int Epochs, int BestEpoch, TimeSpan Elapsed);
