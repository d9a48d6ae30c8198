namespace Microsoft.ML.Data
{
    /// <summary>Estimators in a row, each fitted on what the ones before it make of the data.</summary>
    public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
        where TLastTransformer : class, ITransformer
    {
        private readonly ImmutableArray<(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter)> _links;
        public readonly IEstimator<TLastTransformer> LastEstimator;
        public EstimatorChain() => _links = [];

        private EstimatorChain(ImmutableArray<(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter)> links)
        {
            _links = links;
            LastEstimator = links[^1].Estimator as IEstimator<TLastTransformer>;
        }

        public TransformerChain<TLastTransformer> Fit(IDataView input)
        {
            // Wrong columns are found here, before any estimator reads data.
            GetOutputSchema(SchemaShape.Create(Check.Value(input, nameof(input)).Schema));
            var transformers = new List<ITransformer>();
            foreach (var (estimator, _, cacheAfter) in _links)
            {
                transformers.Add(estimator.Fit(input));
                input = transformers[^1].Transform(input);
                if (cacheAfter)
                    input = new CachedView(input);
            }

            return new TransformerChain<TLastTransformer>(transformers, _links.Select(link => link.Scope));
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
            => _links.Aggregate(Check.Value(inputSchema, nameof(inputSchema)), (schema, link) => link.Estimator.GetOutputSchema(schema));

        public EstimatorChain<TNewTrans> Append<TNewTrans>(
            IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
            where TNewTrans : class, ITransformer
            => new(_links.Add((Check.Value(estimator, nameof(estimator)), scope, false)));

        public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
        {
            Check.Value(env, nameof(env));
            Check.That(_links.Length > 0, "A chain without estimators has nothing to cache");
            return new(_links.SetItem(_links.Length - 1, _links[^1] with { CacheAfter = true }));
        }
    }
}

namespace Microsoft.ML
{
    /// <summary>Chains of estimators and transformers that were none before.</summary>
    public static class LearningPipelineExtensions
    {
        public static EstimatorChain<TTrans> Append<TTrans>(
            this IEstimator<ITransformer> start, IEstimator<TTrans> estimator, TransformerScope scope = TransformerScope.Everything)
            where TTrans : class, ITransformer
            => (start as EstimatorChain<ITransformer> ?? new EstimatorChain<ITransformer>().Append(Check.Value(start, nameof(start))))
                .Append(estimator, scope);

        public static EstimatorChain<TTrans> AppendCacheCheckpoint<TTrans>(this IEstimator<TTrans> start, IHostEnvironment env)
            where TTrans : class, ITransformer
            => new EstimatorChain<ITransformer>().Append(Check.Value(start, nameof(start))).AppendCacheCheckpoint(env);

        public static TransformerChain<TTrans> Append<TTrans>(this ITransformer start, TTrans transformer)
            where TTrans : class, ITransformer
            => start is TransformerChain<ITransformer> chain
                ? chain.Append(transformer)
                : new TransformerChain<TTrans>(Check.Value(start, nameof(start)), Check.Value(transformer, nameof(transformer)));
    }
}
