using Microsoft.ML;

namespace MlNetMlp.Serving;

/// <summary>The transformers that a model consists of.</summary>
internal static class ModelChain
{
    /// <summary>The transformers in their order, those of chains in chains one by one.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];

    /// <summary>The names of the types, for messages.</summary>
    public static string Describe(IEnumerable<ITransformer> transformers) =>
        string.Join(", ", transformers.Select(transformer => transformer.GetType().Name).DefaultIfEmpty("none"));

    /// <exception cref="ArgumentException">A transformer does not map row by row.</exception>
    public static void CheckRowToRow(ITransformer model)
    {
        ITransformer[] others = [.. Of(model).Where(transformer => !transformer.IsRowToRowMapper)];
        if (others.Length > 0 || !model.IsRowToRowMapper)
        {
            throw new ArgumentException(
                $"Single rows can be scored only by transformers that map row by row; {Describe(others.Length > 0 ? others : [model])} does not.",
                    nameof(model));
        }
    }
}
