namespace MlNetMlp.Search;

/// <summary>
/// Rows in files that the silos read, each those of its shards, so that they never pass through the client; see <see cref="OrleansRunner.OpenFiles"/>.
/// </summary>
/// <remarks>
/// <para>
/// Before the first epoch, one of the silos passes over all rows once or twice, for the checks and the standardization of the features; once more for the
/// weights of classes, and for the checksum in a checkpoint. Afterwards each keeps the rows of its shards in memory or, beyond its limit, on its disk.
/// </para>
/// <para>
/// What makes other rows of these, <see cref="Ensemble.Bagging(int, bool)"/> and <see cref="Ensemble.CrossFitted"/>, has them pass through the client, block by
/// block; so do the validation rows by which <see cref="Ensemble.PrunedTo"/> chooses, and rows whose scores must be looked at because weights have become very
/// large. Used by one thread.
/// </para>
/// </remarks>
public sealed class ClusterRows : IRowSource, IRemoteRows
{
    private readonly FileRows _rows;
    private readonly Func<RowQuestion, CancellationToken, byte[]> _ask;

    private ClusterRows(
        IClusterClient client, Func<RowQuestion, CancellationToken, byte[]> ask, string[] files, RowFileFormat format, RowFileIndex[] indices)
    {
        (_ask, Files, Format) = (ask, files, format);
        var parts = new List<RowPart>();
        int count = 0;
        foreach ((string file, RowFileIndex index) in files.Zip(indices).Where(pair => pair.Second.Rows > 0))
        {
            parts.Add(new RowPart(count, index.Rows) { File = file, Marks = index.Marks });
            count = checked(count + index.Rows);
        }

        Shared = new SharedRows(count, FeatureCount, TargetCount, int.MaxValue, parts) { Format = format };
        _rows = new FileRows(Shared, (part, first, count) => Read(client, part, first, count));
    }

    /// <summary>The files, in the order of their rows.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>How they are laid out.</summary>
    public RowFileFormat Format { get; }

    /// <inheritdoc/>
    public int Count => Shared.Count;

    /// <inheritdoc/>
    public int FeatureCount => Format.FeatureColumns.Count;

    /// <inheritdoc/>
    public int TargetCount => Format.TargetColumns.Count;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A silo cannot read the file.</exception>
    public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _rows.Gather(rows, batch);
    }

    /// <inheritdoc/>
    string IRemoteRows.Checksum(CancellationToken cancellationToken) =>
        RowQuestion.ReadChecksum(_ask(new RowQuestion(Shared, null, Outputs: 0), cancellationToken));

    /// <inheritdoc/>
    double[] IRemoteRows.ClassTotals(Loss loss, int outputs, CancellationToken cancellationToken) =>
        RowQuestion.ReadTotals(_ask(new RowQuestion(Shared, loss, outputs), cancellationToken));

    /// <summary>The rows as silos find them.</summary>
    internal SharedRows Shared { get; }

    /// <summary>How many rows, in how many files.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Count} rows of {FeatureCount} features and {TargetCount} targets, in {Files.Count} files of a cluster");

    /// <summary>Has silos look into the files.</summary>
    internal static async Task<ClusterRows> Open(
        IClusterClient client, Func<RowQuestion, CancellationToken, byte[]> ask, string[] files, RowFileFormat format,
        CancellationToken cancellationToken) => new(
        client, ask, files, format,
        await Task.WhenAll(files.Select(file => client.GetGrain<IRowFileGrain>(file).Index(format.ToBytes())))
            .WaitAsync(cancellationToken).ConfigureAwait(false));

    private InMemoryRows Read(IClusterClient client, RowPart part, int first, int count)
    {
        byte[] chunk = Task.Run(() => client.GetGrain<IRowFileGrain>(part.File)
            .Read(Format.ToBytes(), part.Marks[first / RowFile.RowsPerMark], first, count)).GetAwaiter().GetResult();
        var block = new InMemoryRows(FeatureCount, TargetCount);
        RowChunk.Read(chunk, count, FeatureCount, TargetCount, (features, targets, weight, _) => block.Add(features, targets, weight));
        return block;
    }
}
