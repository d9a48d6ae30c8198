using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>Rows kept in memory. Grows in blocks, so that reading a source of unknown length never copies what is already there.</summary>
/// <remarks>One thread may add; afterwards any number may read.</remarks>
public sealed class InMemoryRows : IRowSource
{
    /// <summary>The size that a block aims at: 4 MiB.</summary>
    private const int FloatsPerBlock = 1 << 20;

    /// <summary>How many rows are on their way while others are read.</summary>
    private const int RowsAhead = 4;

    private readonly List<float[]> _blocks = [];
    private readonly int _stride;
    private readonly int _rowsPerBlock;

    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <param name="targetCount">The number of targets of a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is less than 1.</exception>
    public InMemoryRows(int featureCount, int targetCount)
    {
        FeatureCount = Require.Positive(featureCount, nameof(featureCount));
        TargetCount = Require.Positive(targetCount, nameof(targetCount));
        _stride = Throw.IfRowTooLong(featureCount, targetCount, sizeof(float)) / sizeof(float);
        _rowsPerBlock = Math.Max(1, FloatsPerBlock / _stride);
    }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int TargetCount { get; }

    /// <inheritdoc/>
    public bool CanGatherConcurrently => true;

    /// <summary>Appends a copy of a row.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <param name="targets">[<see cref="TargetCount"/>].</param>
    /// <param name="weight">How much the row counts; finite, at least 0. A row of weight 2 counts as two rows.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative, infinite or NaN.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight = 1f)
    {
        Throw.IfLengthsDiffer(FeatureCount, features.Length, nameof(features));
        Throw.IfLengthsDiffer(TargetCount, targets.Length, nameof(targets));
        Require.NonNegative(weight, nameof(weight));
        if (Count % _rowsPerBlock == 0)
        {
            _blocks.Add(GC.AllocateUninitializedArray<float>(_rowsPerBlock * _stride));
        }

        Count = checked(Count + 1);
        Span<float> row = Row(Count - 1);
        features.CopyTo(row);
        targets.CopyTo(row[FeatureCount..]);
        row[^1] = weight;
    }

    /// <summary>Appends copies of the rows of a dense batch.</summary>
    internal void AddAll(RowBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            Add(batch.FeaturesOf(i), batch.TargetsOf(i), batch.Weights[i]);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A row number is negative or not less than <see cref="Count"/>.</exception>
    public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> row = RowOf(rows, i);
            batch.Add(row[..FeatureCount], row.Slice(FeatureCount, TargetCount), row[^1]);
        }
    }

    /// <summary>
    /// The features, the targets and the weight of the row that <paramref name="rows"/> names at <paramref name="index"/>; later ones begin to load.
    /// </summary>
    internal ReadOnlySpan<float> RowOf(ReadOnlySpan<int> rows, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[index], (uint)Count, nameof(rows));
        if (index == 0)
        {
            Prefetch(rows[..Math.Min(RowsAhead, rows.Length)]);
        }

        if (index + RowsAhead < rows.Length)
        {
            Prefetch(rows.Slice(index + RowsAhead, 1));
        }

        return Row(rows[index]);
    }

    /// <summary>Begins to load rows that will be read soon: shuffled rows lie anywhere, where the processor does not foresee them.</summary>
    internal void Prefetch(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if ((uint)row < (uint)Count)
            {
                InstructionSet.Prefetch(Row(row));
            }
        }
    }

    private Span<float> Row(int row) => _blocks[row / _rowsPerBlock].AsSpan(row % _rowsPerBlock * _stride, _stride);

    /// <summary>How many rows of which size.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} rows of {FeatureCount} features and {TargetCount} targets, in memory");
}
