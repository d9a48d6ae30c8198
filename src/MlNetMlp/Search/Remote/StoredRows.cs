using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>The rows that <see cref="RowTableWriter"/> has put into chunks; a cursor has one chunk in memory.</summary>
internal sealed class StoredRows : IDataView
{
    private readonly RowTable _table;
    private readonly Func<string, byte[]> _find;

    /// <param name="table">What the rows consist of.</param>
    /// <param name="find">Finds a chunk by its name.</param>
    public StoredRows(RowTable table, Func<string, byte[]> find)
    {
        (_table, _find) = (table, find);
        var builder = new DataViewSchema.Builder();
        foreach (TableColumn column in table.Columns)
        {
            column.AddTo(builder);
        }

        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

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

                _chunk = RemoteFormats.Open(RemoteFormats.Chunk, _rows._find(_rows._table.Chunks[_next++]), reader =>
                {
                    _left = reader.Count(1, "rows");
                    return reader.Part(reader.Left, reader.Name);
                });
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
