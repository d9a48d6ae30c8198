using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>The rows that <see cref="RowTableWriter"/> has put into chunks; a cursor has one chunk in memory.</summary>
internal sealed class StoredRows : IDataView
{
    private readonly RowTable _table;
    private readonly Func<string, BoundedReader> _open;

    /// <param name="table">What the rows consist of.</param>
    /// <param name="open">Finds a chunk by its name, and opens it.</param>
    public StoredRows(RowTable table, Func<string, BoundedReader> open)
    {
        (_table, _open) = (table, open);
        var builder = new DataViewSchema.Builder();
        foreach (TableColumn column in table.Columns)
        {
            column.AddTo(builder);
        }

        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>Checks a chunk.</summary>
    /// <returns>The number of its rows, and these.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static BoundedReader Open(byte[] chunk) => RemoteFormats.Open(RemoteFormats.Chunk, chunk, reader => reader.Part(reader.Left, reader.Name));

    public long? GetRowCount() => _table.Rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly StoredRows _rows;
        private readonly HashSet<int> _active;
        private readonly StoredValue[] _values;
        private BoundedReader? _chunk;
        private int _next, _left;
        private long _position = -1;

        public Cursor(StoredRows rows, HashSet<int> active)
        {
            (_rows, _active) = (rows, active);
            _values = [.. rows._table.Columns.Select(StoredValue.For)];
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _rows.Schema;

        public override bool MoveNext()
        {
            while (_left == 0)
            {
                if (_next == _rows._table.Chunks.Count)
                {
                    _position = -1;
                    return false;
                }

                _chunk = _rows._open(_rows._table.Chunks[_next++]);
                _left = _chunk.Count(1, "rows");
            }

            foreach (StoredValue value in _values)
            {
                value.Read(_chunk!);
            }

            _left--;
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
            ? (ValueGetter<TValue>)_values[column.Index].Getter
            : throw new InvalidOperationException($"The column '{column.Name}' was not asked for.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
    }
}
