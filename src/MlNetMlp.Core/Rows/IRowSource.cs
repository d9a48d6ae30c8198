namespace MlNetMlp.Networks;

/// <summary>Rows to train or validate on, read in any order and any number of times.</summary>
/// <remarks>
/// The training calls <see cref="Gather"/> from one thread at a time. That is the thread that trains, except with a <see cref="ShuffleWindow"/> of
/// less than all rows: then, and if it may use several threads, another one reads mini-batches ahead.
/// </remarks>
/// <example>
/// Images that stay bytes until they are learned from:
/// <code>
/// using System.Numerics.Tensors;
/// using MlNetMlp.Networks;
///
/// sealed class Images(byte[][] pixels, byte[] digits) : IRowSource
/// {
///     private readonly float[] _features = new float[784];
///
///     public int Count => pixels.Length;
///     public int FeatureCount => 784;
///     public int TargetCount => 1;
///
///     public void Gather(ReadOnlySpan&lt;int&gt; rows, RowBatch batch)
///     {
///         foreach (int row in rows)
///         {
///             TensorPrimitives.ConvertChecked&lt;byte, float&gt;(pixels[row], _features);
///             batch.Add(_features, [digits[row]]);
///         }
///     }
/// }
/// </code>
/// </example>
public interface IRowSource
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The number of features of a row.</summary>
    int FeatureCount { get; }

    /// <summary>The number of target columns of a row: 1 for classes (their index) and binary tasks (0 or 1), else the number of values to predict.</summary>
    int TargetCount { get; }

    /// <summary>
    /// Whether most features are zero, and the rows hold only the others. A training run on such rows never makes them dense; see <see cref="SparseRows"/>.
    /// Default: false.
    /// </summary>
    bool IsSparse => false;

    /// <summary>
    /// How many rows the source can hold ready, in some runs of consecutive rows, so that reading them in any order is cheap;
    /// at least 1. Where that is less than <see cref="Count"/>, an epoch is shuffled as a stream is, through a buffer of this size:
    /// runs of a 64th of it in random order, and the rows of those in it in random order. Default: all.
    /// </summary>
    int ShuffleWindow => int.MaxValue;

    /// <summary>
    /// Whether several threads may call <see cref="Gather"/> at the same time, each with a batch of its own; a training run then reads on several threads.
    /// Default: false.
    /// </summary>
    bool CanGatherConcurrently => false;

    /// <summary>Adds rows to a batch, in the order asked for.</summary>
    /// <param name="rows">Their numbers, 0 to <see cref="Count"/> - 1.</param>
    /// <param name="batch">
    /// Receives the rows; those that it already holds stay. It has <see cref="FeatureCount"/> features and <see cref="TargetCount"/> targets, and may
    /// be dense or sparse, whatever this source is: a <see cref="RowBatch"/> takes rows of both kinds.
    /// </param>
    void Gather(ReadOnlySpan<int> rows, RowBatch batch);
}
