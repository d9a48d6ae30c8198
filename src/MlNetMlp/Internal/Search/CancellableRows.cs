using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Internal;

/// <summary>The rows of a view, which no longer come once the search is cancelled: not even to what knows nothing of cancellation, such as ML.NET's evaluators.</summary>
/// <param name="source">The rows.</param>
/// <param name="cancellationToken">Looked at before every row.</param>
internal sealed class CancellableRows(IDataView source, CancellationToken cancellationToken) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded, rand), cancellationToken);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. source.GetRowCursorSet(columnsNeeded, n, rand).Select(cursor => new Cursor(cursor, cancellationToken))];

    private sealed class Cursor(DataViewRowCursor source, CancellationToken cancellationToken) : DataViewRowCursor
    {
        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool MoveNext()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return source.MoveNext();
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
