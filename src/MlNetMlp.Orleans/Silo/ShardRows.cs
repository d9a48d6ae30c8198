namespace MlNetMlp.Search;

/// <summary>All rows of a training by their numbers, of which those of some neighbouring shards are here.</summary>
/// <remarks>Used by one thread.</remarks>
internal sealed class ShardRows : IRowSource, IDisposable
{
    private readonly SharedRows _all;
    private readonly RowStore _rows;
    private readonly int _first;
    private readonly RowBatch _read;
    private readonly float[] _added;
    private int[] _numbers = [];
    private float[] _metricWeights = [];

    private ShardRows(SharedRows all, RowStore rows, int first)
    {
        (_all, _rows, _first) = (all, rows, first);
        _read = new RowBatch(all.Features, all.Targets + 1);
        _added = new float[all.Targets + 1];
    }

    public int Count => _all.Count;

    public int FeatureCount => _all.Features;

    public int TargetCount => _all.Targets;

    public int ShuffleWindow => _all.ShuffleWindow;

    /// <summary>Reads the rows of the shards that are here.</summary>
    /// <param name="all">All rows.</param>
    /// <param name="job">The training.</param>
    /// <param name="find">Finds content.</param>
    /// <param name="options">Where rows are kept, and which files may be read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">Content is damaged.</exception>
    public static ShardRows Load(
        SharedRows all, ShardJob job, Func<string, byte[]> find, ClusterTrainingOptions options, CancellationToken cancellationToken)
    {
        int first = ShardedOrder.Start(all.Count, job.Here.First, job.Options.Shards), end = ShardedOrder.Start(all.Count, job.Here.End, job.Options.Shards);
        var store = new RowStore(all.Features, all.Targets + 1, options.MemoryLimit, options.Folder, RowPrecision.Full);
        var rows = new ShardRows(all, store, first);
        try
        {
            foreach (RowPart part in all.Of(job.Here.First, job.Here.End, job.Options.Shards))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (part.Content is { } content)
                {
                    RowChunk.Read(find(content), part.Count, all.Features, all.Targets, rows.Add);
                }
                else
                {
                    int from = Math.Max(first - part.First, 0), mark = from / RowFile.RowsPerMark, marked = mark * RowFile.RowsPerMark;
                    RowFile.Open(options, part.File, all.Format!).Read(
                        part.Marks[mark], marked, from - marked, Math.Min(part.Count, end - part.First) - from,
                        (features, targets, weight) => rows.Add(features, targets, weight * all.FactorOf(job.Loss, targets), weight), cancellationToken);
                }
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

    /// <summary>Keeps a row, its weight for metrics as one more target.</summary>
    private void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight, float metricWeight)
    {
        targets.CopyTo(_added);
        _added[^1] = metricWeight;
        _rows.Add(features, _added, weight);
    }
}
