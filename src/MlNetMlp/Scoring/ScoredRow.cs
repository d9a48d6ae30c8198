using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>A row of the input with the added columns: it follows its input, which it disposes of.</summary>
internal sealed class ScoredRow(ScoredSchema schema, DataViewRow input, bool[] active) : DataViewRow
{
    private readonly RowScores? _scores = schema.NeedsScores(active) ? new RowScores(input, schema, schema.Scorer) : null;
    private readonly RowScores? _uncertainty = schema.NeedsScores(active) && schema.Uncertainty is { } scorer ? new RowScores(input, schema, scorer) : null;

    public override DataViewSchema Schema => schema.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ScoredSchema.CheckActive(active, column);
        return _scores is not null && column.Index == schema.Features.Index
            ? ScoredSchema.Typed<TValue>(new ValueGetter<VBuffer<float>>(_scores.GetFeatures), column)
            : schema.IsFromInput(column.Index)
            ? input.GetGetter<TValue>(schema.InputSchema[column.Index])
            : ScoredSchema.Typed<TValue>(schema.CreateGetter(column.Index, _scores!, _uncertainty), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
