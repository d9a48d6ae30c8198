namespace MlNetMlp.Search;

/// <summary>What rows that are sent consist of.</summary>
/// <param name="Columns">Their columns.</param>
/// <param name="Chunks">The names of the chunks that they are in, in their order.</param>
/// <param name="Rows">Their number.</param>
internal sealed record RowTable(IReadOnlyList<TableColumn> Columns, IReadOnlyList<string> Chunks, long Rows)
{
    private const int MostColumns = 10_000;

    /// <summary>The bytes of all values, as a training run keeps them in memory.</summary>
    public long Bytes => Rows * sizeof(float) * Columns.Sum(column => column.Kind == TableColumnKind.Vector ? (long)column.Size : 1);

    public byte[] ToBytes() => RemoteFormats.Seal(RemoteFormats.Table, writer =>
    {
        writer.Write(Rows);
        writer.Write(Columns.Count);
        foreach (TableColumn column in Columns)
        {
            column.Write(writer);
        }

        writer.Write(Chunks.Count);
        foreach (string chunk in Chunks)
        {
            RemoteFormats.WriteName(writer, chunk);
        }
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RowTable Read(byte[] bytes) => RemoteFormats.Open(RemoteFormats.Table, bytes, reader =>
    {
        long rows = reader.Int64();
        var columns = new TableColumn[reader.Count(1, "columns")];
        if (rows < 0 || columns.Length > MostColumns)
        {
            throw reader.Damaged($"it has {rows} rows of {columns.Length} columns.");
        }

        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = TableColumn.Read(reader);
        }

        string[] chunks = new string[reader.Count(32, "chunks")];
        for (int i = 0; i < chunks.Length; i++)
        {
            chunks[i] = RemoteFormats.ReadName(reader);
        }

        return new RowTable(columns, chunks, rows);
    });
}
