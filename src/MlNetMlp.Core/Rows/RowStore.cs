namespace MlNetMlp.Networks;

/// <summary>Collects rows: in memory up to a limit, then all of them on disk; see <see cref="RowStorage"/>.</summary>
/// <remarks>One thread may add; afterwards the rows are for training.</remarks>
public sealed class RowStore : IDisposable
{
    private const int RowsAtOnce = 64;

    private readonly int _featureCount;
    private readonly int _targetCount;
    private readonly long _rowsInMemory;
    private readonly string? _folder;
    private readonly RowPrecision _precision;
    private InMemoryRows? _memory;
    private DiskRows? _disk;

    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <param name="targetCount">The number of targets of a row, at least 1.</param>
    /// <param name="memoryLimit">The bytes that may stay in memory; less than a row takes: every row goes to disk at once.</param>
    /// <param name="folder">See <see cref="DiskRows"/>.</param>
    /// <param name="precision">See <see cref="DiskRows"/>.</param>
    internal RowStore(int featureCount, int targetCount, long memoryLimit, string? folder, RowPrecision precision)
    {
        _featureCount = featureCount;
        _targetCount = targetCount;
        _rowsInMemory = memoryLimit / BytesPerRow;
        _folder = folder;
        _precision = precision;
        if (_rowsInMemory > 0)
        {
            _memory = new InMemoryRows(featureCount, targetCount);
        }
        else
        {
            _disk = new DiskRows(featureCount, targetCount, folder, precision);
        }
    }

    /// <summary>The rows so far: <see cref="InMemoryRows"/> or <see cref="DiskRows"/>. An <see cref="Add"/> may move them from the one to the other.</summary>
    public IRowSource Rows => (IRowSource?)_disk ?? _memory!;

    /// <summary>The bytes of the rows that are in memory; 0 once they are on disk.</summary>
    internal long BytesInMemory => (_memory?.Count ?? 0) * BytesPerRow;

    private long BytesPerRow => (_featureCount + _targetCount + 1L) * sizeof(float);

    /// <summary>Appends a row.</summary>
    /// <param name="features">The features; NaN means missing.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="weight">How much the row counts; finite, at least 0.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or a feature is beyond what <see cref="RowPrecision.Half"/> can hold.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative, infinite or NaN.</exception>
    /// <exception cref="IOException">The file cannot be created, or the disk is full or failing.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight = 1f)
    {
        if (_memory?.Count >= _rowsInMemory)
        {
            MoveToDisk(_memory);
            _memory = null;
        }

        if (_disk is not null)
        {
            _disk.Add(features, targets, weight);
        }
        else
        {
            _memory!.Add(features, targets, weight);
        }
    }

    /// <summary>Deletes the file, if there is one.</summary>
    public void Dispose() => _disk?.Dispose();

    private void MoveToDisk(InMemoryRows rows)
    {
        _disk = new DiskRows(_featureCount, _targetCount, _folder, _precision);
        foreach ((_, RowBatch block) in rows.InBlocks(RowsAtOnce))
        {
            for (int i = 0; i < block.Count; i++)
            {
                _disk.Add(block.FeaturesOf(i), block.TargetsOf(i), block.Weights[i]);
            }
        }
    }

    /// <summary>How many rows of which size, and where.</summary>
    public override string ToString() => Rows.ToString()!;
}
