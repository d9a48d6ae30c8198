namespace MlNetMlp;

/// <summary>How far the training in a checkpoint has come.</summary>
public sealed record CheckpointSummary
{
    internal CheckpointSummary()
    {
    }

    /// <summary>The number of epochs that were run; of an <see cref="Ensemble"/>, of the member that is being trained.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of epochs that were asked for, of that network.</summary>
    public required int NumberOfEpochs { get; init; }

    /// <summary>The time that the training has taken, over all members.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The seed of the training, which may have been drawn at random.</summary>
    public required int Seed { get; init; }

    /// <summary>The number, from 1, of the member of an <see cref="Ensemble"/> that is being trained; 1 for a single network.</summary>
    public int Member { get; init; } = 1;

    /// <summary>The number of members that are to be trained; 1 for a single network.</summary>
    public int Members { get; init; } = 1;

    /// <summary>For example <c>epoch 3 of 50, seed 7</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"epoch {Epoch} of {NumberOfEpochs}{(Members > 1 ? $" of member {Member} of {Members}" : "")}, seed {Seed}, {Elapsed}");
}
