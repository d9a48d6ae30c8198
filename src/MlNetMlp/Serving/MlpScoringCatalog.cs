using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Serving;

namespace Microsoft.ML;

/// <summary>Scoring with fitted or loaded models, without classes for rows and predictions, locks or pools.</summary>
public static class MlpScoringCatalog
{
    /// <summary>The network of a pipeline: the last one, if there are several.</summary>
    /// <remarks>
    /// <c>model.GetMlp().Model.Network.Predict(features, scores)</c> scores features directly, from any number of threads at once, without locks,
    /// and without allocations after a thread's first row. The transforms in front of the network are not applied;
    /// <see cref="CreateRowScorer"/> applies them all.
    /// </remarks>
    /// <param name="model">A fitted or loaded model: the network's transformer itself, or a chain, or a chain of chains, that has it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="InvalidOperationException">There is none; the message lists the transformers of the chain.</exception>
    public static MlpPredictionTransformer GetMlp(this ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelChain.Of(model).OfType<MlpPredictionTransformer>().LastOrDefault()
            ?? throw new InvalidOperationException(
                $"The model has no multilayer perceptron. Its transformers are {ModelChain.Describe(ModelChain.Of(model))}.");
    }

    /// <summary>Creates a scorer of single rows with a whole pipeline; the columns are set and read by name.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">A fitted or loaded model.</param>
    /// <param name="inputSchema">
    /// The columns of the rows: the schema of the training data, which <c>mlContext.Model.Load</c> returns if it was saved with the model.
    /// </param>
    /// <param name="outputColumnNames">
    /// The columns to compute. Null: those that the predictors of the pipeline add (<c>Score</c>, <c>PredictedLabel</c> and so on) and what the
    /// transforms behind them make of these; without a predictor, all columns.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="inputSchema"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A transformer of the model does not map row by row, or the pipeline has no output column of a name in <paramref name="outputColumnNames"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The pipeline needs a column that the schema does not have, or has with another type.</exception>
    public static RowScorer CreateRowScorer(
        this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema inputSchema, IEnumerable<string>? outputColumnNames = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        if (inputSchema is null)
        {
            throw new ArgumentNullException(nameof(inputSchema),
                "The columns of the rows must be known. A model that was saved without its input schema needs that of its training data.");
        }

        ModelChain.CheckRowToRow(model);
        return new RowScorer(model, inputSchema, outputColumnNames);
    }
}
