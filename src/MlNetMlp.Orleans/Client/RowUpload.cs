namespace MlNetMlp.Search;

/// <summary>Cuts rows into chunks, each of one shard; those that silos can read themselves stay where they are.</summary>
internal static class RowUpload
{
    /// <summary>About the bytes of a chunk.</summary>
    private const int ChunkBytes = 1 << 20;

    /// <summary>Rows that silos can read themselves, with the weights of classes or without; null: they cannot.</summary>
    public static SharedRows? InFiles(IRowSource? rows) => rows switch
    {
        ClusterRows files => files.Shared,
        ClassWeightedRows { Source: ClusterRows files } weighted => files.Shared with { ClassFactors = weighted.Factors },
        _ => null,
    };

    /// <param name="rows">The rows.</param>
    /// <param name="shards">The number of shards.</param>
    /// <param name="add">Keeps content and returns its name.</param>
    /// <param name="cancellationToken">Looked at before every chunk.</param>
    public static SharedRows Write(IRowSource rows, int shards, Func<byte[], string> add, CancellationToken cancellationToken)
    {
        if (InFiles(rows) is { } files)
        {
            return files;
        }

        int rowsAtOnce = Math.Max(1, ChunkBytes / sizeof(float) / (rows.FeatureCount + rows.TargetCount + 2));
        var batch = new RowBatch(rows.FeatureCount, rows.TargetCount);
        var parts = new List<RowPart>();
        for (int shard = 0; shard < shards; shard++)
        {
            int end = ShardedOrder.Start(rows.Count, shard + 1, shards);
            for (int first = ShardedOrder.Start(rows.Count, shard, shards), count; first < end; first += count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                count = Math.Min(rowsAtOnce, end - first);
                int[] numbers = new int[count];
                RowNumbers.Fill(numbers, first);
                batch.Clear();
                rows.GatherAll(numbers, batch);
                parts.Add(new RowPart(first, count) { Content = add(RowChunk.ToBytes(batch)) });
            }
        }

        return new SharedRows(rows.Count, rows.FeatureCount, rows.TargetCount, rows.ShuffleWindow, parts);
    }
}
