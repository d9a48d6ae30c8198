namespace MlNetMlp.Networks;

/// <summary>Rows to train or validate on, read in any order and any number of times.</summary>
/// <remarks>
/// The training calls <see cref="Gather"/> from one thread at a time. That is the thread that trains, except with a <see cref="ShuffleWindow"/> of
/// less than all rows: then, and if it may use several threads, another one reads mini-batches ahead.
/// </remarks>
public interface IRowSource
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The number of features of a row.</summary>
    int FeatureCount { get; }

    /// <summary>The number of target columns of a row: 1 for classes (their index) and binary tasks (0 or 1), else the number of values to predict.</summary>
    int TargetCount { get; }

    /// <summary>
    /// How many rows the source has at hand at the same time, so that reading them in any order is cheap, if they are some runs of consecutive
    /// rows; at least 1. Where that is less than <see cref="Count"/>, an epoch is shuffled as a stream is, through a buffer of this size:
    /// runs of a 64th of it in random order, and the rows of those in it in random order. Default: all.
    /// </summary>
    int ShuffleWindow => int.MaxValue;

    /// <summary>Whether several threads may call <see cref="Gather"/> at the same time; a training then shares the reading out. Default: false.</summary>
    bool CanGatherConcurrently => false;

    /// <summary>Copies rows, in the order asked for.</summary>
    /// <param name="rows">Their numbers, 0 to <see cref="Count"/> - 1.</param>
    /// <param name="features">Receives [rows, <see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <param name="targets">Receives [rows, <see cref="TargetCount"/>].</param>
    /// <param name="weights">Receives [rows]; at least 0.</param>
    void Gather(ReadOnlySpan<int> rows, Span<float> features, Span<float> targets, Span<float> weights);
}
