using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ColumnCopyingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "Copy", "StandInCopy")]

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under other names.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IEnumerable<InputOutputColumnPair> columns) : base(new ColumnCopyingTransformer(columns)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(Transformer.Columns.Select(pair =>
        {
            var c = Check.Column(inputSchema, pair.InputColumnName);
            return new SchemaShape.Column(pair.OutputColumnName, c.Kind, c.ItemType, c.IsKey, c.Annotations);
        }));
}

/// <summary>Copies columns under other names.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    private static readonly VersionInfo _version = FirstVersion("COPYCOLS", "StandInCopy");
    internal ColumnCopyingTransformer(IEnumerable<InputOutputColumnPair> columns) : base(columns) { }
    private ColumnCopyingTransformer(ModelLoadContext ctx) : base(ctx, _version) { }
    private protected override void Save(ModelSaveContext ctx) => SaveColumns(ctx, _version);

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
        => new(
            new(name, input.Type, input.Annotations), [input.Index],
            row => Generic.Call<Delegate>(row.GetGetter<int>, input.Type.RawType, input));
}
