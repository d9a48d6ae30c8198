namespace Microsoft.ML.StandIn;

/// <summary>Keeps in memory each column that was asked for, read once; can shuffle, and may be read by many threads.</summary>
/// <remarks>With a source of chance its rows are shuffled whether or not a cursor asks for it.</remarks>
internal sealed class CachedView(IDataView source, Func<Random> makeRandom = null) : View
{
    private readonly Lock _lock = new();
    private readonly Store[] _stores = new Store[source.Schema.Count];
    private long _rows = -1;
    public override bool CanShuffle => true;
    public override DataViewSchema Schema => source.Schema;
    public override long? GetRowCount() => source.GetRowCount() ?? (Volatile.Read(ref _rows) is >= 0 and var rows ? rows : null);

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = Active(Schema, columnsNeeded);
        int rows = Fill(active);
        rand ??= makeRandom?.Invoke();
        return new Cursor(this, active, rows, rand is null ? null : Permutation(rows, rand));
    }

    private int Fill(bool[] active)
    {
        lock (_lock)
        {
            var missing = Schema.Where(c => active[c.Index] && _stores[c.Index] is null).ToArray();
            if (missing.Length > 0 || _rows < 0)
            {
                using var cursor = source.GetRowCursor(missing);
                var stores = missing.Select(c => Generic.Call<Store>(Store.Create<int>, c.Type.RawType, cursor, c)).ToArray();
                long rows = 0;
                for (; cursor.MoveNext(); rows++)
                {
                    foreach (var store in stores)
                        store.Add();
                }

                Check.That(_rows < 0 || _rows == rows, "The data has another number of rows than when it was read before");
                foreach (var (column, store) in missing.Zip(stores))
                    _stores[column.Index] = store;
                Volatile.Write(ref _rows, rows);
            }

            return checked((int)_rows);
        }
    }

    private abstract class Store
    {
        public static Store<TValue> Create<TValue>(DataViewRow row, DataViewSchema.Column column) => new Store<TValue>(row.GetGetter<TValue>(column));
        public abstract void Add();
        public abstract Delegate MakeGetter(Func<int> row);
    }

    private sealed class Store<TValue>(ValueGetter<TValue> getter) : Store
    {
        private readonly List<TValue> _values = [];

        public override void Add()
        {
            TValue value = default;
            getter(ref value);
            TValue own = default;
            Generic.Copy(in value, ref own);
            _values.Add(own);
        }

        public override Delegate MakeGetter(Func<int> row)
            => (ValueGetter<TValue>)((ref TValue value) => Generic.Copy(_values[row()], ref value));
    }

    private sealed class Cursor(CachedView view, bool[] active, int rows, int[] order) : RootCursor(view.Schema, active)
    {
        protected override long RowNumber => order is null ? Position : order[Position];
        protected override bool Move() => Position + 1 < rows;

        protected override Delegate MakeGetter(int column)
            => view._stores[column].MakeGetter(() =>
            {
                CheckOnRow();
                return (int)RowNumber;
            });
    }
}
