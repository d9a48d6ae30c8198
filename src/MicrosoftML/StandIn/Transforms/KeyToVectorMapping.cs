using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(KeyToVectorMappingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "KeyToVector", "StandInKeyToVector")]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to indicator vectors.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(InputOutputColumnPair[] columns) : base(new KeyToVectorMappingTransformer(columns)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(Transformer.Columns.Select(pair =>
        {
            var column = Check.Column(inputSchema, pair.InputColumnName);
            if (!column.IsKey || column.Kind != SchemaShape.Column.VectorKind.Scalar)
                throw Check.WrongType("input", column.Name, "a key", column.GetTypeString());
            var annotations = new List<SchemaShape.Column> { Annotate.NormalizedShape };
            if (column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values) && values.ItemType is TextDataViewType)
                annotations.Add(Annotate.SlotNamesShape);
            return new SchemaShape.Column(
                pair.OutputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape(annotations));
        }));
}

/// <summary>Maps keys to indicator vectors; the missing key to zeros.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    private static readonly VersionInfo _version = FirstVersion("KEY2VECT", "StandInKeyToVector");
    internal KeyToVectorMappingTransformer(InputOutputColumnPair[] columns) : base(columns) { }
    private KeyToVectorMappingTransformer(ModelLoadContext ctx) : base(ctx, _version) { }
    private protected override void Save(ModelSaveContext ctx) => SaveColumns(ctx, _version);

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
    {
        if (input.Type is not KeyDataViewType key)
            throw Check.WrongType("input", input.Name, "a key", input.Type.ToString());
        int size = checked((int)key.Count);
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddNormalized();
        if (input.HasKeyValues())
            builder.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), KeyValues(input));
        return new AddedColumn(
            new(name, new VectorDataViewType(NumberDataViewType.Single, size), builder.ToAnnotations()), [input.Index], row => Getter(row, input, size));
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> KeyValues(DataViewSchema.Column column)
        => (ref VBuffer<ReadOnlyMemory<char>> values) => column.GetKeyValues(ref values);

    private static ValueGetter<VBuffer<float>> Getter(DataViewRow row, DataViewSchema.Column column, int size)
    {
        var key = Items.Number(row, column);
        return (ref VBuffer<float> value) =>
        {
            int slot = (int)key() - 1;
            var editor = VBufferEditor.Create(ref value, size, slot >= 0 && slot < size ? 1 : 0, requireIndicesOnDense: true);
            editor.Values.Fill(1);
            editor.Indices.Fill(slot);
            value = editor.Commit();
        };
    }
}
