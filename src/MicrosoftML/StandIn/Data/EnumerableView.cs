namespace Microsoft.ML.StandIn;

/// <summary>Objects as rows. As in ML.NET it cannot be shuffled, and its rows are counted only where the objects are a collection.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> rows, RowMembers<TRow> members) : View where TRow : class
{
    public override DataViewSchema Schema => members.Schema;
    public override long? GetRowCount() => (rows as ICollection<TRow>)?.Count;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(rows.GetEnumerator(), members, Active(Schema, columnsNeeded));

    private sealed class Cursor(IEnumerator<TRow> rows, RowMembers<TRow> members, bool[] active) : RootCursor(members.Schema, active)
    {
        protected override bool Move()
        {
            if (!rows.MoveNext())
                return false;
            Check.That(rows.Current is not null, "A row is null");
            return true;
        }

        protected override Delegate MakeGetter(int column)
            => members.MakeGetter(column, () =>
            {
                CheckOnRow();
                return rows.Current;
            });

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
