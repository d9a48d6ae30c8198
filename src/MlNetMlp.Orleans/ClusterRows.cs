namespace MlNetMlp.Search;

/// <summary>
/// Rows in files that the silos read, each those of its shards, so that they never pass through the client; see <see cref="OrleansRunner.OpenFiles"/>.
/// </summary>
/// <remarks>
/// <para>
/// Before the first epoch, a training passes over all rows once or twice, for the standardization of the features: then a silo reads them, block by block, and
/// the client has one block at a time. Afterwards each silo keeps the rows of its shards in memory or, beyond its limit, on its disk.
/// </para>
/// <para>A training with class weights or with a bagging ensemble makes other rows of these, which do pass through the client. Used by one thread.</para>
/// </remarks>
public sealed class ClusterRows : IRowSource
{
    private readonly IClusterClient _client;
    private readonly RowFileIndex[] _indices;
    private readonly int[] _starts;
    private int _blockStart = -1;
    private InMemoryRows? _block;

    private ClusterRows(IClusterClient client, string[] files, RowFileFormat format, RowFileIndex[] indices)
    {
        (_client, Files, Format, _indices) = (client, files, format, indices);
        _starts = new int[files.Length + 1];
        for (int i = 0; i < files.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + indices[i].Rows);
        }
    }

    /// <summary>The files, in the order of their rows.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>How they are laid out.</summary>
    public RowFileFormat Format { get; }

    /// <inheritdoc/>
    public int Count => _starts[^1];

    /// <inheritdoc/>
    public int FeatureCount => Format.FeatureColumns.Count;

    /// <inheritdoc/>
    public int TargetCount => Format.TargetColumns.Count;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A silo cannot read the file.</exception>
    public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int[] place = new int[1];
        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(rows));
            if (_block is null || row < _blockStart || row >= _blockStart + _block.Count)
            {
                ReadBlock(row);
            }

            place[0] = row - _blockStart;
            _block!.Gather(place, batch);
        }
    }

    /// <summary>How many rows, in how many files.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Count} rows of {FeatureCount} features and {TargetCount} targets, in {Files.Count} files of a cluster");

    /// <summary>Has silos look into the files.</summary>
    internal static async Task<ClusterRows> Open(IClusterClient client, string[] files, RowFileFormat format, CancellationToken cancellationToken) => new(
        client, files, format,
        await Task.WhenAll(files.Select(file => client.GetGrain<IRowFileGrain>(file).Index(format.ToBytes())))
            .WaitAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The rows as silos find them.</summary>
    internal SharedRows Share()
    {
        RowPart[] parts =
        [
            .. Files.Select((file, i) => new RowPart(_starts[i], _indices[i].Rows) { File = file, Marks = _indices[i].Marks }).Where(part => part.Count > 0),
        ];
        return new SharedRows(Count, FeatureCount, TargetCount, int.MaxValue, parts) { Format = Format };
    }

    private void ReadBlock(int row)
    {
        int file = Array.FindLastIndex(_starts, start => start <= row), mark = (row - _starts[file]) / RowFile.RowsPerMark;
        int first = mark * RowFile.RowsPerMark, count = Math.Min(RowFile.RowsPerMark, _indices[file].Rows - first);
        byte[] chunk = Task.Run(() => _client.GetGrain<IRowFileGrain>(Files[file]).Read(Format.ToBytes(), _indices[file].Marks[mark], first, count))
            .GetAwaiter().GetResult();
        var block = new InMemoryRows(FeatureCount, TargetCount);
        RowChunk.Read(chunk, count, FeatureCount, TargetCount, (features, targets, weight, _) => block.Add(features, targets, weight));
        (_blockStart, _block) = (_starts[file] + first, block);
    }
}
