using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Reads rows of a source as a network learns from them: features augmented and standardized, targets in learned units, weights of mean 1.</summary>
/// <remarks>Used by one thread at a time.</remarks>
/// <param name="source">The rows.</param>
/// <param name="standardizer">What is done to the features.</param>
/// <param name="targetUnits">What is done to the targets; null: nothing.</param>
/// <param name="weightScale">What weights are multiplied by.</param>
/// <param name="isSparse">Whether the network takes sparse rows, whatever the source has.</param>
internal sealed class BatchReader(IRowSource source, FeatureStandardizer standardizer, TargetUnits? targetUnits, double weightScale, bool isSparse = false)
{
    /// <summary>Rows that are not in memory pass through a small batch on their way, so that they are standardized while they are in cache.</summary>
    private const int RowsAtOnce = 16;

    /// <summary>The fewest rows of a thread's turn.</summary>
    private const int FewRows = 4;

    /// <summary>Below this many features, some microseconds of work, another thread costs more than it saves.</summary>
    private const int SmallBlock = 1 << 13;

    /// <summary>Mini-batches of so many features, 16 KiB, are asked for while the one before is learned from.</summary>
    private const int ForeseenAtMost = 1 << 12;

    private readonly float _scale = (float)weightScale;

    /// <summary>The source, if its rows are in memory as they are wanted, or null.</summary>
    private readonly InMemoryRows? _stored = isSparse ? null : source as InMemoryRows;

    /// <summary>The small batch of each thread that reads.</summary>
    private RowBatch[] _given = [];

    public IRowSource Source => source;

    /// <summary>A batch to read into.</summary>
    /// <param name="rows">The most rows; with more it grows.</param>
    public RowBatch CreateBatch(int rows)
    {
        var batch = new RowBatch(source.FeatureCount, source.TargetCount, isSparse);
        batch.Reserve(rows);
        return batch;
    }

    /// <summary>Reads <paramref name="rows"/>.</summary>
    /// <param name="rows">Their numbers.</param>
    /// <param name="batch">Receives them, and nothing else; see <see cref="CreateBatch"/>.</param>
    /// <param name="team">Threads that may share the work, if the source allows it.</param>
    /// <param name="augmentation">What changes their features on the way, before they are standardized; or null.</param>
    /// <param name="firstPlace">The place of the first row in the epoch that <paramref name="augmentation"/> is in.</param>
    /// <exception cref="InvalidFeatureException">A feature is refused; its row is the one that the caller of the library gave.</exception>
    public void Gather(ReadOnlySpan<int> rows, RowBatch batch, ThreadTeam? team = null, EpochAugmentation? augmentation = null, int firstPlace = 0)
    {
        batch.Begin(rows.Length);
        bool isShared = team is { ActiveThreads: > 1 } && (long)rows.Length * source.FeatureCount >= SmallBlock
            && source.CanGatherConcurrently && !isSparse && augmentation is null;
        EnsureGiven(isShared ? team!.Threads : 1);
        if (isShared)
        {
            Share(rows, batch, team!);
        }
        else
        {
            for (int first = 0; first < rows.Length; first += RowsAtOnce)
            {
                Gather(rows.Slice(first, Math.Min(RowsAtOnce, rows.Length - first)), _given[0], batch, first, augmentation, firstPlace + first);
            }
        }

        targetUnits?.ToLearned(batch.Targets);
    }

    /// <summary>Begins to load rows that are read next, if they are in memory and fit into the first-level cache beside other things.</summary>
    public void Foresee(ReadOnlySpan<int> rows)
    {
        if (_stored is not null && (long)rows.Length * source.FeatureCount <= ForeseenAtMost)
        {
            _stored.Prefetch(rows);
        }
    }

    private unsafe void Share(ReadOnlySpan<int> rows, RowBatch batch, ThreadTeam team)
    {
        fixed (int* numbers = rows)
        {
            int rowsAtOnce = Math.Clamp(rows.Length / team.ActiveThreads, FewRows, RowsAtOnce);
            var body = new SharedGathering(this, batch, numbers, rows.Length, rowsAtOnce);
            team.Run((rows.Length + rowsAtOnce - 1) / rowsAtOnce, ref body);
        }
    }

    /// <summary>Reads a few rows into the places of <paramref name="batch"/> from number <paramref name="first"/> on.</summary>
    private void Gather(ReadOnlySpan<int> rows, RowBatch given, RowBatch batch, int first, EpochAugmentation? augmentation, int place)
    {
        if (_stored is not null && augmentation is null)
        {
            Gather(_stored, rows, batch, first);
            return;
        }

        given.Clear();
        source.GatherAll(rows, given);
        augmentation?.Apply(given.FeatureMatrix, rows, place);
        try
        {
            standardizer.Apply(given, batch, first);
        }
        catch (InvalidFeatureException exception)
        {
            throw exception.AtRow(source, rows[exception.Row], isAugmented: augmentation is not null);
        }

        given.Targets.CopyTo(batch.Targets[(first * batch.TargetCount)..]);
        Scale(given.Weights, batch.Weights.Slice(first, rows.Length));
        batch.SetMetricWeights(first, given.MetricWeights);
    }

    /// <summary>The same straight from the memory of the source.</summary>
    private void Gather(InMemoryRows stored, ReadOnlySpan<int> rows, RowBatch batch, int first)
    {
        MatrixSpan features = batch.FeatureMatrix, targets = batch.TargetMatrix;
        Span<float> weights = batch.Weights;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> row = stored.RowOf(rows, i);
            try
            {
                standardizer.ApplyToRow(row[..features.Columns], features.Row(first + i), i);
            }
            catch (InvalidFeatureException exception)
            {
                throw exception.AtRow(source, rows[exception.Row], isAugmented: false);
            }

            row.Slice(features.Columns, targets.Columns).CopyTo(targets.Row(first + i));
            weights[first + i] = row[^1];
        }

        weights = weights.Slice(first, rows.Length);
        batch.SetMetricWeights(first, weights);
        Scale(weights, weights);
    }

    private void Scale(ReadOnlySpan<float> weights, Span<float> scaled)
    {
        for (int i = 0; i < scaled.Length; i++)
        {
            // Tiny and huge weights have a scale beyond single precision, but products with it that are not.
            scaled[i] = float.IsNormal(_scale) ? weights[i] * _scale : (float)(weights[i] * weightScale);
        }
    }

    private void EnsureGiven(int threads)
    {
        for (int i = _given.Length; i < threads; i++)
        {
            Array.Resize(ref _given, i + 1);
            _given[i] = CreateBatch(RowsAtOnce);
        }
    }

    /// <summary>Reading a block on several threads, some rows each.</summary>
    private readonly unsafe struct SharedGathering(BatchReader reader, RowBatch batch, int* rows, int count, int rowsAtOnce) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int first = tile * rowsAtOnce;
            var numbers = new ReadOnlySpan<int>(rows + first, Math.Min(rowsAtOnce, count - first));
            reader.Gather(numbers, reader._given[worker], batch, first, null, 0);
        }
    }
}
