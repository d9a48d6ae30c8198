namespace Microsoft.ML.Transforms;

/// <summary>Encodes categories: values to keys, and keys to vectors.</summary>
public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    private readonly EstimatorChain<ITransformer> _chain;

    internal OneHotEncodingEstimator(
        InputOutputColumnPair[] columns, OutputKind kind, int maximumNumberOfKeys, ValueToKeyMappingEstimator.KeyOrdinality ordinality, IDataView keyData)
    {
        if (kind == OutputKind.Binary)
            throw new NotSupportedException("Binary encoding is not in the stand-in");
        _chain = new EstimatorChain<ITransformer>().Append<ITransformer>(
            new ValueToKeyMappingEstimator(columns, maximumNumberOfKeys, ordinality, asText: true, keyData));
        // A bag of one category is its indicator.
        if (kind != OutputKind.Key)
            _chain = _chain.Append<ITransformer>(new KeyToVectorMappingEstimator([.. columns.Select(c => new InputOutputColumnPair(c.OutputColumnName))]));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _chain.GetOutputSchema(inputSchema);
    public OneHotEncodingTransformer Fit(IDataView input) => new(_chain.Fit(input));

    /// <summary>What a category becomes.</summary>
    public enum OutputKind : byte { Bag = 1, Indicator = 2, Key = 3, Binary = 4 }
}

/// <summary>Encodes categories; it is saved as the chain that it consists of.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    private readonly ITransformer _chain;
    internal OneHotEncodingTransformer(ITransformer chain) => _chain = chain;
    bool ITransformer.IsRowToRowMapper => true;
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);
    public IDataView Transform(IDataView input) => _chain.Transform(input);
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);
    void ICanSaveModel.Save(ModelSaveContext ctx) => _chain.Save(ctx);
}
