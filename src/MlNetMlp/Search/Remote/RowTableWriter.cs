using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>Puts the rows of a view into chunks of about a megabyte, which <see cref="StoredRows"/> reads.</summary>
internal static class RowTableWriter
{
    private const int ChunkLength = 1 << 20;

    /// <param name="view">The rows; read once.</param>
    /// <param name="columnNames">The columns that are needed; those that the view does not have are left out.</param>
    /// <param name="add">Keeps a chunk and returns its name.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NotSupportedException">A column has values of a type that is not sent.</exception>
    /// <exception cref="InvalidOperationException">A vector has another length than its column's type says.</exception>
    public static RowTable Write(IDataView view, IEnumerable<string> columnNames, Func<byte[], string> add, CancellationToken cancellationToken)
    {
        DataViewSchema.Column[] columns = [.. columnNames.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(view.Schema.GetColumnOrNull).OfType<DataViewSchema.Column>()];
        TableColumn[] written = [.. columns.Select(TableColumn.Of)];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        Action<BinaryWriter>[] values = [.. columns.Zip(written, (column, kind) => ValueWriter(cursor, column, kind))];
        var chunks = new List<string>();
        using var rows = new MemoryStream();
        using var writer = new BinaryWriter(rows, Encoding.UTF8);
        long count = 0;
        int inChunk = 0;
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.ForEach(values, write => write(writer));
            count++;
            inChunk++;
            if (rows.Length >= ChunkLength)
            {
                AddChunk();
            }
        }

        if (inChunk > 0)
        {
            AddChunk();
        }

        return new RowTable(written, chunks, count);

        void AddChunk()
        {
            chunks.Add(add(RemoteFormats.Seal(RemoteFormats.Chunk, chunk =>
            {
                chunk.Write(inChunk);
                chunk.Write(rows.GetBuffer(), 0, (int)rows.Length);
            })));
            rows.SetLength(0);
            inChunk = 0;
        }
    }

    private static Action<BinaryWriter> ValueWriter(DataViewRow row, DataViewSchema.Column column, TableColumn written)
    {
        switch (written.Kind)
        {
            case TableColumnKind.Boolean:
                return ScalarWriter<bool>(row, column, (writer, value) => writer.Write(value));
            case TableColumnKind.Single:
                return ScalarWriter<float>(row, column, (writer, value) => writer.Write(value));
            case TableColumnKind.Key:
                return ScalarWriter<uint>(row, column, (writer, value) => writer.Write(value));
            default:
                var vector = new VectorReading(row, column, (int)written.Size);
                return writer => WriteVector(writer, in vector.Read());
        }
    }

    private static Action<BinaryWriter> ScalarWriter<T>(DataViewRow row, DataViewSchema.Column column, Action<BinaryWriter, T> write)
        where T : struct
    {
        ValueGetter<T> read = row.GetGetter<T>(column);
        T value = default;
        return writer =>
        {
            read(ref value);
            write(writer, value);
        };
    }

    /// <summary>The number of values that a sparse vector has, or -1 for a dense one; the indices of the former; the values.</summary>
    private static void WriteVector(BinaryWriter writer, in VBuffer<float> vector)
    {
        writer.Write(vector.IsDense ? -1 : vector.GetValues().Length);
        if (!vector.IsDense)
        {
            foreach (int index in vector.GetIndices())
            {
                writer.Write(index);
            }
        }

        Envelope.Write(writer, vector.GetValues());
    }
}
