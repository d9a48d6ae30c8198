namespace MlNetMlp;

/// <summary>How far the training in a checkpoint is.</summary>
/// <param name="Epoch">The number of epochs that were run; of an <see cref="Ensemble"/>, of the member that is being trained.</param>
/// <param name="Epochs">The number of epochs that were asked for, of that network.</param>
/// <param name="Elapsed">The time that the training took, with all members.</param>
/// <param name="Seed">The seed of the training, which may have been drawn at random.</param>
public sealed record CheckpointSummary(int Epoch, int Epochs, TimeSpan Elapsed, int Seed)
{
    /// <summary>The number, from 1, of the member of an <see cref="Ensemble"/> that is being trained; 1 for a single network.</summary>
    public int Member { get; init; } = 1;

    /// <summary>The number of members that are to be trained; 1 for a single network.</summary>
    public int Members { get; init; } = 1;
}
