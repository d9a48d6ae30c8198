namespace Microsoft.ML.StandIn;

/// <summary>A column that a transformer adds: what it is called, which input columns it reads, and how its getter is made.</summary>
internal sealed record AddedColumn(DataViewSchema.DetachedColumn Column, int[] Inputs, Func<DataViewRow, Delegate> MakeGetter);

/// <summary>Turns rows of one schema into rows of another whose columns are input columns or added ones.</summary>
internal sealed class RowMapping : IRowToRowMapper
{
    // For each output column the input column, or the complement of the added one.
    private readonly int[] _map;
    private readonly AddedColumn[] _added;

    /// <summary>All input columns and the added ones, each behind the input column that it hides, or at the end.</summary>
    public RowMapping(DataViewSchema input, IEnumerable<AddedColumn> added)
    {
        InputSchema = input;
        _added = [.. added];
        List<int> map = [.. Enumerable.Range(0, input.Count)];
        for (int i = 0; i < _added.Length; i++)
        {
            int hidden = map.FindLastIndex(m => (m >= 0 ? input[m].Name : _added[~m].Column.Name) == _added[i].Column.Name);
            map.Insert(hidden < 0 ? map.Count : hidden + 1, ~i);
        }

        _map = [.. map];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_map.Select(m => m >= 0 ? new DataViewSchema.DetachedColumn(input[m]) : _added[~m].Column));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }
    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var inputs = dependingColumns.SelectMany(c => _map[c.Index] is >= 0 and var input ? [input] : _added[~_map[c.Index]].Inputs).ToHashSet();
        return InputSchema.Where(c => inputs.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Check.Param(ReferenceEquals(input.Schema, InputSchema), nameof(input), "The row's schema is not the one that the mapper was made for");
        return new Row(input, new Columns(this, input, View.Active(OutputSchema, activeColumns)));
    }

    public IDataView Transform(IDataView source) => new MappedView(source, this);

    /// <summary>The columns of one mapped row; getters of added columns are made once.</summary>
    private sealed class Columns
    {
        private readonly RowMapping _mapping;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;

        public Columns(RowMapping mapping, DataViewRow input, bool[] active)
        {
            _mapping = mapping;
            _input = input;
            _active = active;
            _getters = [.. mapping._map.Select((m, i) => m < 0 && active[i] ? mapping._added[~m].MakeGetter(input) : null)];
        }

        public DataViewSchema Schema => _mapping.OutputSchema;

        public bool IsActive(DataViewSchema.Column column)
        {
            Check.Param(column.Index < _active.Length, nameof(column), $"There is no column {column.Index}");
            return _active[column.Index];
        }

        public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Check.Active(IsActive(column), column);
            int source = _mapping._map[column.Index];
            return source >= 0 ? _input.GetGetter<TValue>(_mapping.InputSchema[source]) : Check.Getter<TValue>(_getters[column.Index], column);
        }
    }

    private sealed class Row(DataViewRow input, Columns columns) : DataViewRow
    {
        public override long Position => input.Position;
        public override long Batch => input.Batch;
        public override DataViewSchema Schema => columns.Schema;
        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();
        public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.GetGetter<TValue>(column);
    }

    private sealed class Cursor(DataViewRowCursor source, Columns columns) : PassingCursor(source)
    {
        public override DataViewSchema Schema => columns.Schema;
        public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.GetGetter<TValue>(column);
    }

    private sealed class MappedView(IDataView source, RowMapping mapping) : View
    {
        public override bool CanShuffle => source.CanShuffle;
        public override DataViewSchema Schema => mapping.OutputSchema;
        public override long? GetRowCount() => source.GetRowCount();

        public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
            => Map(columnsNeeded, inputs => [source.GetRowCursor(inputs, rand)])[0];

        public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
            => Map(columnsNeeded, inputs => source.GetRowCursorSet(inputs, n, rand));

        private DataViewRowCursor[] Map(
            IEnumerable<DataViewSchema.Column> columnsNeeded, Func<IEnumerable<DataViewSchema.Column>, DataViewRowCursor[]> open)
        {
            bool[] active = Active(Schema, columnsNeeded);
            var cursors = open(mapping.GetDependencies(Schema.Where(c => active[c.Index])));
            return [.. cursors.Select(cursor => new Cursor(cursor, new Columns(mapping, cursor, active)))];
        }
    }
}
