namespace Microsoft.ML.StandIn;

/// <summary>The annotations that the transforms write, for schemas and for their shapes.</summary>
internal static class Annotate
{
    public static readonly SchemaShape.Column NormalizedShape
        = new(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);

    public static readonly SchemaShape.Column SlotNamesShape
        = new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);

    public static readonly SchemaShape.Column SlotRangesShape
        = new(AnnotationUtils.Kinds.CategoricalSlotRanges, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Int32, false);

    public static bool HasNormalized(this SchemaShape.Column column)
        => column.Annotations.TryFindColumn(AnnotationUtils.Kinds.IsNormalized, out var found) && found.IsCompatibleWith(NormalizedShape);

    public static bool HasSlotNames(this SchemaShape.Column column)
        => column.Kind == SchemaShape.Column.VectorKind.Vector
            && column.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var found) && found.IsCompatibleWith(SlotNamesShape);

    public static void AddNormalized(this DataViewSchema.Annotations.Builder builder)
        => builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);

    public static void AddVector<TItem>(
        this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType item, TItem[] values, params int[] dimensions)
        => builder.Add(
            kind, dimensions.Length == 0 ? new VectorDataViewType(item, values.Length) : new VectorDataViewType(item, dimensions),
            (ref VBuffer<TItem> destination) => VBuffer<TItem>.Copy(values, 0, ref destination, values.Length));

    /// <summary>The first and last slot of each category; null where the column has no such annotation.</summary>
    public static int[] SlotRanges(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.CategoricalSlotRanges)?.Type is not VectorDataViewType)
            return null;
        VBuffer<int> ranges = default;
        column.Annotations.GetValue(AnnotationUtils.Kinds.CategoricalSlotRanges, ref ranges);
        return [.. ranges.DenseValues()];
    }

    public static ReadOnlyMemory<char>[] SlotNames(this DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues()];
    }
}
