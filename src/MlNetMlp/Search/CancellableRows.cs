using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>
/// The rows of a view, which no longer come once the search is cancelled: not even to what knows nothing of cancellation, such as ML.NET's
/// evaluators.
/// </summary>
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

    private sealed class Cursor(DataViewRowCursor source, CancellationToken cancellationToken) : CursorOver(source)
    {
        public override bool MoveNext()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Source.MoveNext();
        }
    }
}
