namespace Microsoft.ML.StandIn;

/// <summary>The annotations that the transforms write, for schemas and for their shapes.</summary>
internal static class Annotate
{
    public static readonly SchemaShape.Column NormalizedShape
        = new(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);

    public static readonly SchemaShape.Column SlotNamesShape
        = new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);

    public static bool HasNormalized(this SchemaShape.Column column)
        => column.Annotations.TryFindColumn(AnnotationUtils.Kinds.IsNormalized, out var found) && found.ItemType is BooleanDataViewType;

    public static bool HasSlotNames(this SchemaShape.Column column)
        => column.Kind == SchemaShape.Column.VectorKind.Vector
            && column.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var found) && found.ItemType is TextDataViewType;

    public static void AddNormalized(this DataViewSchema.Annotations.Builder builder)
        => builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);

    public static void AddVector<TItem>(
        this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType item, TItem[] values)
        => builder.Add(
            kind, new VectorDataViewType(item, values.Length), (ref VBuffer<TItem> copy) => VBuffer<TItem>.Copy(values, 0, ref copy, values.Length));

    public static ReadOnlyMemory<char>[] SlotNames(this DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues()];
    }
}
