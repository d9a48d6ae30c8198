using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>
/// Some rows on their way from a source into a network: features, dense or without their zeros, targets and weights. Filled row by row,
/// cleared and filled again.
/// </summary>
/// <remarks>
/// The reader of rows decides whether a batch is sparse; a source adds its rows as they are: a row of either kind can be added to either kind of
/// batch. The memory grows to the largest number of rows so far and is kept. Used by one thread at a time.
/// </remarks>
public sealed class RowBatch
{
    private readonly SparseFeatures? _sparse;
    private AlignedBuffer _features = new(0);
    private AlignedBuffer _targets = new(0);
    private float[] _weights = [];
    private float[] _metricWeights = [];
    private bool _hasMetricWeights;

    /// <summary>An empty batch.</summary>
    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <param name="targetCount">The number of targets of a row, at least 1.</param>
    /// <param name="isSparse">Whether it keeps rows without their zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is less than 1.</exception>
    public RowBatch(int featureCount, int targetCount, bool isSparse = false)
    {
        FeatureCount = Require.Positive(featureCount, nameof(featureCount));
        TargetCount = Require.Positive(targetCount, nameof(targetCount));
        _sparse = isSparse ? new SparseFeatures(featureCount) : null;
    }

    /// <summary>An empty batch for the rows of a source: of their shape, and sparse if they are.</summary>
    /// <param name="source">The rows.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public RowBatch(IRowSource source)
        : this((source ?? throw new ArgumentNullException(nameof(source))).FeatureCount, source.TargetCount, source.IsSparse)
    {
    }

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of targets of a row.</summary>
    public int TargetCount { get; }

    /// <summary>Whether rows are kept without their zeros: then <see cref="SparseFeatures"/> holds their features, else <see cref="Features"/>.</summary>
    public bool IsSparse => _sparse is not null;

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The features [<see cref="Count"/>, <see cref="FeatureCount"/>], row after row; NaN means missing. Valid until the next change.</summary>
    /// <exception cref="InvalidOperationException">The batch is sparse.</exception>
    public Span<float> Features => _sparse is null
        ? _features.Span[..(Count * FeatureCount)]
        : throw new InvalidOperationException($"The batch is sparse; its features are in {nameof(SparseFeatures)}.");

    /// <summary>The features of a sparse batch, for reading; rows are added through the batch.</summary>
    /// <exception cref="InvalidOperationException">The batch is dense.</exception>
    public SparseFeatures SparseFeatures => _sparse
        ?? throw new InvalidOperationException($"The batch is dense; its features are in {nameof(Features)}.");

    /// <summary>
    /// The targets [<see cref="Count"/>, <see cref="TargetCount"/>], row after row. Valid until the next change. A source may have targets that are
    /// missing, which are NaN; no loss learns from such rows yet, and a training run refuses them.
    /// </summary>
    public Span<float> Targets => _targets.Span[..(Count * TargetCount)];

    /// <summary>How much each row counts [<see cref="Count"/>]; finite, at least 0. Valid until the next change.</summary>
    public Span<float> Weights => _weights.AsSpan(0, Count);

    /// <summary>How much each row counts for a metric [<see cref="Count"/>]: its weight without that of its class.</summary>
    internal ReadOnlySpan<float> MetricWeights => (_hasMetricWeights ? _metricWeights : _weights).AsSpan(0, Count);

    /// <summary>The features of a dense batch.</summary>
    internal MatrixSpan FeatureMatrix => new(Features, Count, FeatureCount);

    internal MatrixSpan TargetMatrix => new(Targets, Count, TargetCount);

    internal ReadOnlyMemory<float> WeightMemory => _weights.AsMemory(0, Count);

    /// <summary>Removes all rows.</summary>
    public void Clear()
    {
        Count = 0;
        _hasMetricWeights = false;
        _sparse?.Clear();
    }

    /// <summary>Appends a copy of a row, given all of its features.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <param name="targets">[<see cref="TargetCount"/>].</param>
    /// <param name="weight">How much the row counts.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight = 1f)
    {
        Throw.IfLengthsDiffer(FeatureCount, features.Length, nameof(features));
        Throw.IfLengthsDiffer(TargetCount, targets.Length, nameof(targets));
        if (_sparse is null)
        {
            features.CopyTo(NextRow());
        }
        else
        {
            _sparse.Add(features);
        }

        Complete(targets, weight);
    }

    /// <summary>Appends a copy of a row, given its features that are not zero.</summary>
    /// <param name="indices">Which features are given, ascending, each from 0 to <see cref="FeatureCount"/> - 1; all others are zero.</param>
    /// <param name="values">Their values, one for each index; NaN means missing.</param>
    /// <param name="targets">[<see cref="TargetCount"/>].</param>
    /// <param name="weight">How much the row counts.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the indices are not ascending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a feature.</exception>
    public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> targets, float weight = 1f)
    {
        Throw.IfLengthsDiffer(TargetCount, targets.Length, nameof(targets));
        if (_sparse is null)
        {
            SparseFeatures.Check(indices, values, FeatureCount);
            Span<float> row = NextRow();
            row.Clear();
            for (int n = 0; n < indices.Length; n++)
            {
                row[indices[n]] = values[n];
            }
        }
        else
        {
            _sparse.Add(indices, values);
        }

        Complete(targets, weight);
    }

    /// <summary>
    /// Begins anew with so many rows, whose targets, weights and dense features are whatever was there before and have to be written; sparse features are
    /// appended.
    /// </summary>
    internal void Begin(int rows)
    {
        Clear();
        Reserve(rows);
        Count = rows;
    }

    /// <summary>Gives metrics weights of their own, for the rows from number <paramref name="first"/> on those that are given.</summary>
    internal void SetMetricWeights(int first, ReadOnlySpan<float> weights)
    {
        weights.CopyTo(_metricWeights.AsSpan(first));
        _hasMetricWeights = true;
    }

    /// <summary>Makes room for so many rows in all.</summary>
    internal void Reserve(int rows)
    {
        if (rows > _weights.Length)
        {
            Array.Resize(ref _weights, rows);
            Array.Resize(ref _metricWeights, rows);
            _targets = Grown(_targets, TargetCount);
            _features = IsSparse ? _features : Grown(_features, FeatureCount);
        }

        AlignedBuffer Grown(AlignedBuffer before, int columns)
        {
            var after = new AlignedBuffer(checked(rows * columns));
            before.Span.CopyTo(after.Span);
            return after;
        }
    }

    /// <summary>The features of a row of a dense batch.</summary>
    internal Span<float> FeaturesOf(int row) => Features.Slice(row * FeatureCount, FeatureCount);

    internal Span<float> TargetsOf(int row) => Targets.Slice(row * TargetCount, TargetCount);

    private Span<float> NextRow()
    {
        EnsureRoom();
        return _features.Span.Slice(Count * FeatureCount, FeatureCount);
    }

    private void Complete(ReadOnlySpan<float> targets, float weight)
    {
        EnsureRoom();
        targets.CopyTo(_targets.Span.Slice(Count * TargetCount, TargetCount));
        _weights[Count] = weight;
        Count++;
    }

    private void EnsureRoom()
    {
        if (Count == _weights.Length)
        {
            Reserve(checked((int)Math.Max(16, Math.Min(2L * Count, Array.MaxLength))));
        }
    }

    /// <summary>How many rows of which size.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} rows of {FeatureCount} features and {TargetCount} targets");
}
