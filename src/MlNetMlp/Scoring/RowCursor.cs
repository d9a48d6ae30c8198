using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>A cursor that follows its input row by row.</summary>
/// <remarks>
/// Used where nothing has to be scored, or where a column that passes through holds objects, such as images: their owner may dispose
/// of them when it moves on, so that they cannot be kept for a block.
/// </remarks>
internal sealed class RowCursor(ScoredSchema schema, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    private readonly ScoredRow _row = new(schema, input, active);

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    /// <exception cref="OperationCanceledException">The execution was cancelled.</exception>
    public override bool MoveNext()
    {
        HostCancellation.ThrowIfCancelled(schema.Environment);
        return input.MoveNext();
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _row.Dispose();
        }

        base.Dispose(disposing);
    }
}
