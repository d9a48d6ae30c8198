using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>The rows of a data view with the added columns; everything happens in its cursors.</summary>
internal sealed partial class ScoredView(IDataView input, ScoredSchema schema, MlpPredictionTransformer transformer) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => schema.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        bool[] active = schema.Active(columnsNeeded);
        return Wrap(input.GetRowCursor(schema.InputColumns(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        bool[] active = schema.Active(columnsNeeded);
        return [.. input.GetRowCursorSet(schema.InputColumns(active), n, rand).Select(cursor => Wrap(cursor, active))];
    }

    /// <summary>Scores in blocks where there is something to score and every column that passes through can be kept for a while.</summary>
    private DataViewRowCursor Wrap(DataViewRowCursor cursor, bool[] active) =>
        schema.NeedsScores(active) && schema.InputSchema.All(column => !active[column.Index] || ColumnBuffer.CanKeep(column.Type))
            ? new BlockCursor(schema, cursor, active)
            : new RowCursor(schema, cursor, active);
}
