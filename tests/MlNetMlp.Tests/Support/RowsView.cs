using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>A data view made of functions of the row's number, which can be asked to be as awkward as data views may be.</summary>
public sealed class RowsView : IDataView
{
    private const int RowsPerBatch = 8;

    private readonly int _rows;

    public RowsView(int rows, params ViewColumn[] columns)
    {
        _rows = rows;
        Columns = columns;
        var builder = new DataViewSchema.Builder();
        foreach (ViewColumn column in columns)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public ViewColumn[] Columns { get; }

    public bool CanShuffle { get; init; } = true;

    /// <summary>Whether the number of rows is told.</summary>
    public bool CountIsKnown { get; init; } = true;

    /// <summary>The row at which cursors fail.</summary>
    public int? FailsAt { get; init; }

    /// <summary>The columns that were asked for, one list for each cursor.</summary>
    public List<string[]> Requests { get; } = [];

    public int OpenCursors { get; private set; }

    public int MovedTo { get; private set; }

    public long? GetRowCount() => CountIsKnown ? _rows : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        GetRowCursorSet(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = columnsNeeded.Select(column => column.Index).ToHashSet();
        int[] order = [.. Enumerable.Range(0, _rows)];
        if (rand is not null && CanShuffle)
        {
            rand.Shuffle(order);
        }

        var cursors = new DataViewRowCursor[n];
        for (int i = 0; i < n; i++)
        {
            int number = i;
            Requests.Add([.. needed.Order().Select(index => Columns[index].Name)]);
            OpenCursors++;
            cursors[i] = new Cursor(this, needed, [.. order.Where((_, position) => position / RowsPerBatch % n == number)]);
        }

        return cursors;
    }

    /// <summary>The same rows with some columns left out or replaced.</summary>
    public RowsView With(params ViewColumn[] columns) => Derive(
        [.. Columns.Where(column => columns.All(other => other.Name != column.Name)), .. columns]);

    public RowsView Without(string name) => Derive([.. Columns.Where(column => column.Name != name)]);

    public RowsView Copy() => Derive(Columns);

    /// <summary>Another number of the same rows, from row 0.</summary>
    public RowsView WithRows(int rows) => Derive(Columns, rows);

    private RowsView Derive(ViewColumn[] columns, int? rows = null) => new(rows ?? _rows, columns)
    {
        CanShuffle = CanShuffle,
        CountIsKnown = CountIsKnown,
        FailsAt = FailsAt
    };

    private sealed class Cursor(RowsView view, HashSet<int> needed, int[] order) : DataViewRowCursor
    {
        private int _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => _position < 0 ? 0 : order[_position] / RowsPerBatch;

        public override bool MoveNext()
        {
            if (++_position >= order.Length)
            {
                _position = -1;
                order = [];
                return false;
            }

            view.MovedTo = Math.Max(view.MovedTo, order[_position]);
            return order[_position] == view.FailsAt ? throw new FormatException("The source is broken here.") : true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => needed.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)order[_position], 7);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.True(needed.Contains(column.Index), $"The column '{column.Name}' was not asked for.");
            return (ValueGetter<TValue>)view.Columns[column.Index].CreateGetter(() => order[_position]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                view.OpenCursors--;
            }

            base.Dispose(disposing);
        }
    }
}
