using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(KeyToValueMappingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "KeyToValue", "StandInKeyToValue")]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys back to the values that their column's annotation holds.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(InputOutputColumnPair[] columns) : base(new KeyToValueMappingTransformer(columns)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(Transformer.Columns.Select(pair =>
        {
            var column = Check.Column(inputSchema, pair.InputColumnName);
            if (!column.IsKey)
                throw Check.WrongType("input", column.Name, "a key", column.GetTypeString());
            Check.Param(
                column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values), nameof(inputSchema),
                $"Column '{column.Name}' has no annotation with the values of its keys");
            var annotations = column.HasSlotNames() ? new SchemaShape([Annotate.SlotNamesShape]) : null;
            return new SchemaShape.Column(pair.OutputColumnName, column.Kind, values.ItemType, values.IsKey, annotations);
        }));
}

/// <summary>Maps keys back to the values that their column's annotation holds; the missing key becomes a missing value.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    private static readonly VersionInfo _version = FirstVersion("KEY2VALT", "StandInKeyToValue");
    internal KeyToValueMappingTransformer(InputOutputColumnPair[] columns) : base(columns) { }
    private KeyToValueMappingTransformer(ModelLoadContext ctx) : base(ctx, _version) { }
    private protected override void Save(ModelSaveContext ctx) => SaveColumns(ctx, _version);

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
    {
        var valuesType = input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
        Check.That(
            valuesType is not null && input.Type.ItemOrSelf() is KeyDataViewType key && (ulong)valuesType.Size == key.Count,
            $"Column '{input.Name}' of type {input.Type} has no values of its keys");
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        return new AddedColumn(
            new(name, input.Type.WithItem(valuesType.ItemType), builder.ToAnnotations()), [input.Index],
            row => Generic.Call<Delegate>(Getter<byte, int>, [input.Type.ItemOrSelf().RawType, valuesType.ItemType.RawType], row, input));
    }

    private static Delegate Getter<TKey, TValue>(DataViewRow row, DataViewSchema.Column column)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        VBuffer<TValue> buffer = default;
        column.GetKeyValues(ref buffer);
        TValue[] values = [.. buffer.DenseValues()];
        object nan = typeof(TValue) == typeof(float) ? float.NaN : typeof(TValue) == typeof(double) ? double.NaN : null;
        var missing = nan is TValue value ? value : default;
        return Items.Map<TKey, TValue>(
            row, column, key => int.CreateSaturating(key) is var k && k > 0 && k <= values.Length ? values[k - 1] : missing);
    }
}
