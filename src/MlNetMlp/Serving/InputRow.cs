using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>The row that a bound pipeline reads: the values that a caller has set.</summary>
/// <param name="schema">The schema that the pipeline is bound to, the same object.</param>
/// <param name="slots">For each column of the schema where its values are; null for hidden columns.</param>
internal sealed class InputRow(DataViewSchema schema, InputSlot?[] slots) : DataViewRow
{
    private long _position = -1;

    public override DataViewSchema Schema => schema;

    /// <summary>The number of the row; transforms that keep what they computed for a row see by it that this is another one.</summary>
    public override long Position => _position;

    public override long Batch => 0;

    public void MoveNext() => _position++;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => slots[column.Index] is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => ScoredSchema.Typed<TValue>(
        slots[column.Index]?.Getter ?? throw new InvalidOperationException($"The column '{column.Name}' is hidden by a later one of the same name."), column);
}
