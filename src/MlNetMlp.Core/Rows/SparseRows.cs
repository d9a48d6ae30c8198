using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>Rows kept in memory without their zeros: 8 bytes for every feature that is not zero. Grows in blocks, as <see cref="InMemoryRows"/> does.</summary>
/// <remarks>
/// <para>
/// A training run on sparse rows never makes them dense. The first layer adds up the weights of the features that a row has; gradients and steps
/// of its weights concern the features of the mini-batch alone. Momentum, the averages of adaptive optimizers, weight decay, L1 and L2 stand
/// still for the weights of a feature while no mini-batch has it (what is called a lazy or sparse optimizer elsewhere); clipping and
/// the norm of the gradient look at the active ones. With an optimizer without memory, such as <see cref="Sgd"/>, and without standardization
/// and penalties, the training is that of the same rows made dense, bit for bit.
/// </para>
/// <para>
/// <see cref="MlpTrainingOptions.FeatureScaling"/> must not turn zeros into numbers, so the scaling differs from that of dense rows. A
/// feature that is zero in at least half of the rows is divided by the root of the mean square of its other values: what is not zero becomes
/// about 1, however rare it is, and an indicator stays as it is. All others are shifted to mean 0 and scaled to variance 1 as usual, and
/// their zeros are stored.
/// </para>
/// <para>
/// <see cref="WeightConstraint"/> and <see cref="Lbfgs"/> work as for dense rows, at the cost of dense weights: every step looks at all of them.
/// </para>
/// <para>
/// Sparse rows cannot be combined with options that would change every weight of the first layer, or every feature, in every step. A training run refuses
/// them: <see cref="MlpArchitecture.InputNoise"/>, <see cref="MlpTrainingOptions.Augmentation"/>,
/// <see cref="MlpTrainingOptions.OrthogonalityRegularization"/>, and in the first hidden layer <see cref="HiddenLayer.Residual"/>,
/// <see cref="HiddenLayer.DropConnect"/>, <see cref="WeightNormalization"/> and <see cref="CosineNormalization"/>.
/// </para>
/// <para>One thread may add; afterwards any number may read.</para>
/// </remarks>
public sealed class SparseRows : IRowSource
{
    /// <summary>The features of a block: 4 MiB of indices, 4 MiB of values.</summary>
    private const int FeaturesPerBlock = 1 << 20;

    private readonly List<Block> _blocks = [];
    private readonly List<Place> _places = [];
    private int _used;

    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <param name="targetCount">The number of targets of a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is less than 1.</exception>
    public SparseRows(int featureCount, int targetCount)
    {
        FeatureCount = Require.Positive(featureCount, nameof(featureCount));
        TargetCount = Require.Positive(targetCount, nameof(targetCount));
    }

    /// <inheritdoc/>
    public int Count => _places.Count;

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int TargetCount { get; }

    /// <summary>True.</summary>
    public bool IsSparse => true;

    /// <summary>The number of features, over all rows, that are not zero.</summary>
    public long NonZeroCount { get; private set; }

    /// <summary>Appends a copy of a row.</summary>
    /// <param name="indices">Which features are given, ascending, each from 0 to <see cref="FeatureCount"/> - 1; all others are zero.</param>
    /// <param name="values">Their values, one for each index; NaN means missing.</param>
    /// <param name="targets">[<see cref="TargetCount"/>].</param>
    /// <param name="weight">How much the row counts; finite, at least 0. A row of weight 2 counts as two rows.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the indices are not ascending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a feature, or the weight is negative, infinite or NaN.</exception>
    public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> targets, float weight = 1f)
    {
        SparseFeatures.Check(indices, values, FeatureCount);
        Throw.IfLengthsDiffer(TargetCount, targets.Length, nameof(targets));
        Require.NonNegative(weight, nameof(weight));
        Block block = Reserve(checked(indices.Length + TargetCount));
        int start = _used;
        for (int n = 0; n < indices.Length; n++)
        {
            if (values[n] != 0)
            {
                block.Indices[_used] = indices[n];
                block.Values[_used++] = values[n];
            }
        }

        int count = _used - start;
        targets.CopyTo(block.Values.AsSpan(_used));
        _used += TargetCount;
        NonZeroCount += count;
        _places.Add(new Place(_blocks.Count - 1, start, count, weight));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A row number is negative or not less than <see cref="IRowSource.Count"/>.</exception>
    public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(rows));
            Place place = _places[row];
            ReadOnlySpan<int> indices = _blocks[place.Block].Indices.AsSpan(place.Start, place.Count);
            ReadOnlySpan<float> values = _blocks[place.Block].Values.AsSpan(place.Start, place.Count + TargetCount);
            batch.Add(indices, values[..place.Count], values[place.Count..], place.Weight);
        }
    }

    /// <summary>The block that the next row goes to, which has room for so many values.</summary>
    private Block Reserve(int count)
    {
        if (_blocks.Count == 0 || _used + count > _blocks[^1].Indices.Length)
        {
            int size = Math.Max(count, FeaturesPerBlock);
            _blocks.Add(new Block(GC.AllocateUninitializedArray<int>(size), GC.AllocateUninitializedArray<float>(size)));
            _used = 0;
        }

        return _blocks[^1];
    }

    /// <summary>Of each row the features that are not zero and, among the values alone, its targets.</summary>
    private readonly record struct Block(int[] Indices, float[] Values);

    private readonly record struct Place(int Block, int Start, int Count, float Weight);

    /// <summary>How many rows of which size.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} rows of {FeatureCount} features and {TargetCount} targets, without their zeros");
}
