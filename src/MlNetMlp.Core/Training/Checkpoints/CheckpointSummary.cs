namespace MlNetMlp;

/// <summary>How far the training in a checkpoint is.</summary>
/// <param name="Epoch">The number of epochs that were run.</param>
/// <param name="Epochs">The number of epochs that were asked for.</param>
/// <param name="Elapsed">The time that they took.</param>
/// <param name="Seed">The seed of the training, which may have been drawn by chance.</param>
public sealed record CheckpointSummary(int Epoch, int Epochs, TimeSpan Elapsed, int Seed);
