using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>Finds the columns of a pipeline's output that are predictions, so that nothing else, such as a label, is asked of the caller.</summary>
internal static class PredictedColumns
{
    /// <summary>The visible columns that predictors of the model add, and what later transforms make of them; all visible columns if there are none.</summary>
    /// <param name="model">The model, which maps row by row.</param>
    /// <param name="mapper">The model bound to the input.</param>
    public static DataViewSchema.Column[] Of(ITransformer model, IRowToRowMapper mapper)
    {
        uint inputSets = ScoreColumn.HighestSetId(mapper.InputSchema);
        DataViewSchema schema = mapper.InputSchema;
        bool[] predicted = new bool[schema.Count];
        foreach (ITransformer transformer in ModelChain.Of(model))
        {
            IRowToRowMapper step = transformer.GetRowToRowMapper(schema);
            predicted = [.. step.OutputSchema.Select(column =>
                ScoreColumn.SetId(column) > inputSets || step.GetDependencies([column]).Any(source => predicted[source.Index]))];
            schema = step.OutputSchema;
        }

        // The same steps, bound once more, have the same columns.
        DataViewSchema.Column[] visible = [.. mapper.OutputSchema.Where(column => !column.IsHidden)];
        DataViewSchema.Column[] found = [.. visible.Where(column => predicted[column.Index])];
        return found.Length > 0 ? found : visible;
    }
}
