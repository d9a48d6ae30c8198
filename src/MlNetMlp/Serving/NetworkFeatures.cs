using Microsoft.ML;

namespace MlNetMlp.Serving;

/// <summary>Finds the feature vector of a pipeline's network, and what it was like in training.</summary>
internal static class NetworkFeatures
{
    /// <param name="model">The model, which maps row by row.</param>
    /// <param name="inputSchema">Its input.</param>
    /// <param name="outputSchema">Its output.</param>
    /// <returns>
    /// The column of the output that the last network reads, and the ranges of its slots; null where the network does not know them, or later transforms
    /// drop the column or put another in its place.
    /// </returns>
    public static (DataViewSchema.Column? Column, FeatureRanges? Ranges) Of(ITransformer model, DataViewSchema inputSchema, DataViewSchema outputSchema)
    {
        (int index, string name, FeatureRanges? ranges) = (-1, "", null);
        DataViewSchema schema = inputSchema;
        foreach (ITransformer transformer in ModelChain.Of(model))
        {
            if (transformer is MlpPredictionTransformer mlp)
            {
                (index, name, ranges) = (schema[mlp.FeatureColumnName].Index, mlp.FeatureColumnName, mlp.Model.Network.FeatureRanges);
            }

            schema = transformer.GetOutputSchema(schema);
        }

        return ranges is not null && outputSchema.GetColumnOrNull(name) is { } column && column.Index == index ? (column, ranges) : (null, null);
    }
}
