namespace MlNetMlp.Search;

/// <summary>Rows in files, of which one block at a time is in memory. Used by one thread.</summary>
/// <param name="rows">The rows.</param>
/// <param name="read">Reads some rows of a part; the first is a multiple of <see cref="RowFile.RowsPerMark"/> from its beginning.</param>
internal sealed class FileRows(SharedRows rows, Func<RowPart, int, int, InMemoryRows> read) : IRowSource
{
    private readonly int[] _place = new int[1];
    private InMemoryRows? _block;
    private int _blockStart;

    public int Count => rows.Count;

    public int FeatureCount => rows.Features;

    public int TargetCount => rows.Targets;

    /// <summary>The rows of files that a silo may read.</summary>
    public static FileRows On(SharedRows rows, ClusterTrainingOptions options, CancellationToken cancellationToken) => new(rows, (part, first, count) =>
    {
        var block = new InMemoryRows(rows.Features, rows.Targets);
        RowFile.Open(options, part.File, rows.Format!).Read(
            part.Marks[first / RowFile.RowsPerMark], first, 0, count, (features, targets, weight) => block.Add(features, targets, weight), cancellationToken);
        return block;
    });

    public void Gather(ReadOnlySpan<int> numbers, RowBatch batch)
    {
        foreach (int row in numbers)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(numbers));
            if (_block is null || row < _blockStart || row >= _blockStart + _block.Count)
            {
                RowPart part = rows.Parts.Last(part => part.First <= row);
                int first = (row - part.First) / RowFile.RowsPerMark * RowFile.RowsPerMark;
                _block = read(part, first, Math.Min(RowFile.RowsPerMark, part.Count - first));
                _blockStart = part.First + first;
            }

            _place[0] = row - _blockStart;
            _block.Gather(_place, batch);
        }
    }
}
