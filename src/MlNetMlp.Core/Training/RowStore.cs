namespace MlNetMlp;

/// <summary>Rows as they come in: in memory up to a limit, then all of them on disk.</summary>
/// <param name="featureCount">The number of features of a row.</param>
/// <param name="targetCount">The number of targets of a row.</param>
/// <param name="memoryLimit">The bytes that may stay in memory; 0: none, every row goes to disk at once.</param>
/// <param name="folder">See <see cref="DiskRows"/>.</param>
/// <param name="precision">See <see cref="DiskRows"/>.</param>
internal sealed class RowStore(int featureCount, int targetCount, long memoryLimit, string? folder, RowPrecision precision) : IDisposable
{
    private const int RowsAtOnce = 64;

    private readonly long _rowsInMemory = memoryLimit / ((featureCount + targetCount + 1L) * sizeof(float));
    private InMemoryRows? _memory = memoryLimit > 0 ? new(featureCount, targetCount) : null;
    private DiskRows? _disk = memoryLimit > 0 ? null : new(featureCount, targetCount, folder, precision);

    /// <summary>The rows so far. Ask again after an <see cref="Add"/>.</summary>
    public IRowSource Rows => (IRowSource?)_disk ?? _memory!;

    /// <summary>Whether the rows are on disk.</summary>
    public bool IsOnDisk => _disk is not null;

    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight)
    {
        if (_memory?.Count >= _rowsInMemory)
        {
            MoveToDisk();
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

    public void Dispose() => _disk?.Dispose();

    private void MoveToDisk()
    {
        _disk = new DiskRows(featureCount, targetCount, folder, precision);
        float[] features = new float[RowsAtOnce * featureCount], targets = new float[RowsAtOnce * targetCount], weights = new float[RowsAtOnce];
        Span<int> numbers = stackalloc int[RowsAtOnce];
        for (int first = 0; first < _memory!.Count; first += RowsAtOnce)
        {
            numbers = numbers[..Math.Min(RowsAtOnce, _memory.Count - first)];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = first + i;
            }

            _memory.Gather(numbers, features, targets, weights);
            for (int i = 0; i < numbers.Length; i++)
            {
                _disk.Add(features.AsSpan(i * featureCount, featureCount), targets.AsSpan(i * targetCount, targetCount), weights[i]);
            }
        }

        _memory = null;
    }
}
