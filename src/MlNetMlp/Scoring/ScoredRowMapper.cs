using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Adds the columns to single rows.</summary>
internal sealed class ScoredRowMapper(ScoredSchema schema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.InputSchema;

    public DataViewSchema OutputSchema => schema.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        ArgumentNullException.ThrowIfNull(dependingColumns);
        return [.. schema.InputColumns(schema.Active(dependingColumns))];
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        return input.Schema == schema.InputSchema
            ? new ScoredRow(schema, input, schema.Active(activeColumns))
            : throw new ArgumentException("The row has another schema than the one that this mapper was made for.", nameof(input));
    }
}
