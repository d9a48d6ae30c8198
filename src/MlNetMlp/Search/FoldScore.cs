namespace MlNetMlp.Search;

/// <summary>The result of one training run of a trial.</summary>
public sealed record FoldScore
{
    internal FoldScore()
    {
    }

    /// <summary>The metric on the held-out rows.</summary>
    public required double Value { get; init; }

    /// <summary>The number of epochs that were trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch, from 1, of the evaluated model.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The time of training and evaluation.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether a <see cref="MedianPruningSearch"/> has ended the training.</summary>
    public bool IsPruned { get; init; }

    /// <summary>The loss after each epoch, if the search compares them.</summary>
    internal IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>The score and its epochs, for example <c>0.93, best epoch 12 of 20</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Value}, best epoch {BestEpoch} of {Epochs}, {Elapsed}{(IsPruned ? ", pruned" : "")}");
}
