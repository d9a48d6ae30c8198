namespace Microsoft.ML.StandIn;

/// <summary>A data view that gives one cursor where a set is asked for.</summary>
internal abstract class View : IDataView
{
    public virtual bool CanShuffle => false;
    public abstract DataViewSchema Schema { get; }
    public virtual long? GetRowCount() => null;
    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    public virtual DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Which columns of a schema are among those asked for.</summary>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        bool[] active = new bool[schema.Count];
        foreach (var column in columnsNeeded ?? [])
        {
            Check.Param(column.Index < active.Length, nameof(columnsNeeded), $"There is no column {column.Index} ('{column.Name}')");
            active[column.Index] = true;
        }

        return active;
    }

    public static int[] Permutation(int count, Random rand)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        rand.Shuffle(order);
        return order;
    }
}

/// <summary>A cursor over data of its own.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly bool[] _active;
    private readonly Delegate[] _getters;
    private long _position = -1;
    private bool _done;

    protected RootCursor(DataViewSchema schema, bool[] active)
    {
        Schema = schema;
        _active = active;
        _getters = new Delegate[active.Length];
    }

    public sealed override long Position => _position;
    public sealed override long Batch => 0;
    public sealed override DataViewSchema Schema { get; }

    /// <summary>The number of the current row, whatever the order of reading.</summary>
    protected virtual long RowNumber => _position;

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
    {
        Check.Param(column.Index < _active.Length, nameof(column), $"There is no column {column.Index}");
        return _active[column.Index];
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Check.Active(IsColumnActive(column), column);
        return Check.Getter<TValue>(_getters[column.Index] ??= MakeGetter(column.Index), column);
    }

    public sealed override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId value) =>
        {
            CheckOnRow();
            value = new DataViewRowId((ulong)RowNumber, 0);
        };

    public sealed override bool MoveNext()
    {
        if (_done)
            return false;
        if (Move())
        {
            _position++;
            return true;
        }

        _done = true;
        _position = -1;
        return false;
    }

    protected abstract bool Move();
    protected abstract Delegate MakeGetter(int column);
    protected void CheckOnRow() => Check.That(_position >= 0, "Values can be read only while the cursor is on a row");
}

/// <summary>A cursor that passes on what its source has; what differs is overridden.</summary>
internal abstract class PassingCursor(DataViewRowCursor source) : DataViewRowCursor
{
    protected DataViewRowCursor Source => source;
    public override long Position => source.Position;
    public override long Batch => source.Batch;
    public override DataViewSchema Schema => source.Schema;
    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();
    public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);
    public override bool MoveNext() => source.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The rows of a view that a predicate keeps, in their order.</summary>
internal sealed class FilteredView(
    IDataView source, IReadOnlyList<DataViewSchema.Column> inputs, Func<DataViewRowCursor, Func<bool>> makePredicate, bool canShuffle = false)
    : View
{
    public override bool CanShuffle => canShuffle && source.CanShuffle;
    public override DataViewSchema Schema => source.Schema;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = Active(Schema, columnsNeeded);
        var cursor = source.GetRowCursor(Schema.Where(c => active[c.Index]).Union(inputs), CanShuffle ? rand : null);
        return new Cursor(cursor, active, makePredicate(cursor));
    }

    private sealed class Cursor(DataViewRowCursor source, bool[] active, Func<bool> keep) : PassingCursor(source)
    {
        private long _position = -1;
        public override long Position => _position;
        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Check.Active(active[column.Index], column);
            return Source.GetGetter<TValue>(column);
        }

        public override bool MoveNext()
        {
            while (Source.MoveNext())
            {
                if (keep())
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }
    }
}
