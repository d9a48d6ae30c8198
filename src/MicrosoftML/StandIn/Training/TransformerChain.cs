[assembly: Microsoft.ML.LoadableClass(
    typeof(TransformerChain<Microsoft.ML.ITransformer>), null, typeof(Microsoft.ML.SignatureLoadModel), "Chain", "StandInChain")]

namespace Microsoft.ML.Data;

/// <summary>When a transformer of a chain takes part.</summary>
[Flags]
public enum TransformerScope
{
    None = 0,
    Training = 1,
    Testing = 2,
    Scoring = 4,
    TrainTest = Training | Testing,
    Everything = Training | Testing | Scoring,
}

/// <summary>A chain of whatever type its last transformer has.</summary>
internal interface IScopedTransformer
{
    IDataView Transform(IDataView input, TransformerScope scope);
}

/// <summary>Transformers in a row.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IScopedTransformer, IDisposable
    where TLastTransformer : class, ITransformer
{
    private static readonly VersionInfo _version = new(
        "XF CHAIN", 0x00010001, 0x00010001, 0x00010001, typeof(EstimatorChain<>).Assembly.FullName, "StandInChain");

    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;
    public readonly TLastTransformer LastTransformer;

    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        _transformers = [.. transformers ?? []];
        _scopes = [.. scopes ?? []];
        LastTransformer = _transformers.LastOrDefault() as TLastTransformer;
        Check.That(_transformers.Length == 0 || LastTransformer is not null, $"The last transformer is not a {typeof(TLastTransformer)}");
        Check.That(_transformers.Length == _scopes.Length, "Each transformer needs a scope");
    }

    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, transformers?.Select(_ => TransformerScope.Everything)) { }

    private TransformerChain(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(_version);
        _transformers = new ITransformer[ctx.Reader.ReadInt32()];
        _scopes = new TransformerScope[_transformers.Length];
        for (int i = 0; i < _transformers.Length; i++)
        {
            _scopes[i] = (TransformerScope)ctx.Reader.ReadInt32();
            ctx.LoadModel<ITransformer, SignatureLoadModel>(environment, out _transformers[i], Directory(i));
        }

        LastTransformer = _transformers.LastOrDefault() as TLastTransformer;
    }

    bool ITransformer.IsRowToRowMapper => _transformers.All(t => t.IsRowToRowMapper);
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope)
        => InScope(scope).Aggregate(Check.Value(inputSchema, nameof(inputSchema)), (schema, t) => t.GetOutputSchema(schema));

    public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

    public IDataView Transform(IDataView input, TransformerScope scope)
        => InScope(scope).Aggregate(Check.Value(input, nameof(input)), (data, t) => t.Transform(data));

    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
        => new(InScope(scopeFilter), _scopes.Where(scope => (scope & scopeFilter) != TransformerScope.None));

    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
        => new([.. _transformers, Check.Value(transformer, nameof(transformer))], [.. _scopes, scope]);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Check.That(_transformers.All(t => t.IsRowToRowMapper), "The chain has a transformer that does not map row by row");
        var mappers = new List<IRowToRowMapper>();
        var schema = Check.Value(inputSchema, nameof(inputSchema));
        foreach (var transformer in _transformers)
        {
            mappers.Add(transformer.GetRowToRowMapper(schema));
            schema = mappers[^1].OutputSchema;
        }

        return new ChainedMapper(inputSchema, mappers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(_version);
        ctx.Writer.Write(_transformers.Length);
        for (int i = 0; i < _transformers.Length; i++)
        {
            ctx.Writer.Write((int)_scopes[i]);
            ctx.SaveModel(_transformers[i], Directory(i));
        }
    }

    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var transformer in _transformers)
            (transformer as IDisposable)?.Dispose();
    }

    private static string Directory(int index) => string.Create(CultureInfo.InvariantCulture, $"Transform_{index:000}");

    private IEnumerable<ITransformer> InScope(TransformerScope scope)
        => _transformers.Where((_, i) => (_scopes[i] & scope) != TransformerScope.None);

    private sealed class ChainedMapper(DataViewSchema inputSchema, List<IRowToRowMapper> mappers) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => inputSchema;
        public DataViewSchema OutputSchema => mappers.Count > 0 ? mappers[^1].OutputSchema : inputSchema;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
            => Enumerable.Reverse(mappers).Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            // What each mapper must deliver is what the next one reads.
            var needed = new List<DataViewSchema.Column>[mappers.Count];
            for (int i = mappers.Count - 1; i >= 0; i--)
                needed[i] = [.. i == mappers.Count - 1 ? activeColumns : mappers[i + 1].GetDependencies(needed[i + 1])];
            for (int i = 0; i < mappers.Count; i++)
                input = mappers[i].GetRow(input, needed[i]);
            return input;
        }
    }
}
