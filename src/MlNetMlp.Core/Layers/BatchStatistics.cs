namespace MlNetMlp;

/// <summary>Which means and variances batch normalization uses when it scores.</summary>
public enum BatchStatistics
{
    /// <summary>
    /// An exponential average kept up while training: <c>s = (1 - m) s + m s_batch</c> after every mini-batch. Costs nothing.
    /// </summary>
    RunningAverage,

    /// <summary>
    /// The averages over all mini-batches of the training rows, weighted by the weights of their rows, passed once more through the network
    /// with its parameters at rest and without dropout, at the end of every epoch. Exact for the network as it stands; costs a forward
    /// pass an epoch.
    /// </summary>
    TrainingSet,
}
