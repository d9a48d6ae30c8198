namespace MlNetMlp.Search;

/// <summary>What one training run of a trial brought.</summary>
public sealed record FoldScore
{
    internal FoldScore()
    {
    }

    /// <summary>The metric on the held-out rows.</summary>
    public required double Value { get; init; }

    /// <summary>The number of epochs that were trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch, from 1, that the measured model is from.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The time of training and measuring.</summary>
    public required TimeSpan Elapsed { get; init; }
}
