namespace MlNetMlp.Search;

/// <summary>All rows of a training by their numbers, of which those of some neighbouring shards are here.</summary>
/// <remarks>Used by one thread.</remarks>
internal sealed class ShardRows : IRowSource, IDisposable
{
    private readonly SharedRows _all;
    private readonly RowStore _rows;
    private readonly int _first;
    private readonly RowBatch _read;
    private int[] _numbers = [];
    private float[] _metricWeights = [];

    private ShardRows(SharedRows all, RowStore rows, int first)
    {
        (_all, _rows, _first) = (all, rows, first);
        _read = new RowBatch(all.Features, all.Targets + 1);
    }

    public int Count => _all.Count;

    public int FeatureCount => _all.Features;

    public int TargetCount => _all.Targets;

    public int ShuffleWindow => _all.ShuffleWindow;

    /// <summary>Reads the rows of the shards that are here.</summary>
    /// <param name="all">All rows.</param>
    /// <param name="job">The training.</param>
    /// <param name="find">Finds content.</param>
    /// <param name="memoryLimit">The bytes that may stay in memory.</param>
    /// <param name="folder">Where the others are kept.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">Content is damaged.</exception>
    public static ShardRows Load(
        SharedRows all, ShardJob job, Func<string, byte[]> find, long memoryLimit, string folder, CancellationToken cancellationToken)
    {
        var store = new RowStore(all.Features, all.Targets + 1, memoryLimit, folder, RowPrecision.Full);
        var rows = new ShardRows(all, store, ShardedOrder.Start(all.Count, job.Here.First, job.Options.Shards));
        try
        {
            foreach (RowPart part in all.Of(job.Here.First, job.Here.End, job.Options.Shards))
            {
                cancellationToken.ThrowIfCancellationRequested();
                RowChunk.AddTo(find(part.Content), part, store);
            }

            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
    {
        if (_numbers.Length < rows.Length)
        {
            _numbers = new int[rows.Length];
            _metricWeights = new float[rows.Length];
        }

        for (int i = 0; i < rows.Length; i++)
        {
            _numbers[i] = rows[i] - _first;
        }

        _read.Clear();
        _rows.Rows.Gather(_numbers.AsSpan(0, rows.Length), _read);
        int first = batch.Count;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> targets = _read.TargetsOf(i);
            batch.Add(_read.FeaturesOf(i), targets[..^1], _read.Weights[i]);
            _metricWeights[i] = targets[^1];
        }

        batch.SetMetricWeights(first, _metricWeights.AsSpan(0, rows.Length));
    }

    public void Dispose() => _rows.Dispose();
}
