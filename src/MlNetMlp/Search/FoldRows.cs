using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>The rows of a view that are in a fold, or those that are not, in their order.</summary>
/// <param name="source">All rows.</param>
/// <param name="folds">The fold of each of them.</param>
/// <param name="fold">The fold.</param>
/// <param name="inside">True: the rows of the fold; false: all others.</param>
internal sealed class FoldRows(IDataView source, int[] folds, int fold, bool inside) : IDataView
{
    private readonly int _count = folds.Count(own => own == fold == inside);

    /// <summary>All rows.</summary>
    public IDataView Source => source;

    /// <summary>The fold of each of them.</summary>
    public int[] Folds => folds;

    /// <summary>The fold.</summary>
    public int Fold => fold;

    /// <summary>Whether these are the rows of the fold, and not all others.</summary>
    public bool IsInside => inside;

    /// <summary>False: rows are known by their place.</summary>
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), folds, fold, inside);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor source, int[] folds, int fold, bool inside) : CursorOver(source)
    {
        private long _position = -1;
        private int _row = -1;

        public override long Position => _position;

        public override bool MoveNext()
        {
            while (Source.MoveNext())
            {
                if (++_row >= folds.Length)
                {
                    throw ChangedCount();
                }

                if (folds[_row] == fold == inside)
                {
                    _position++;
                    return true;
                }
            }

            if (_row != folds.Length - 1)
            {
                throw ChangedCount();
            }

            _position = -1;
            return false;
        }

        private InvalidOperationException ChangedCount() => new(
            $"The data had {folds.Length} rows when they were dealt into folds, and has another number now; the source must not " +
            "change, and preprocessing must keep every row.");
    }
}
