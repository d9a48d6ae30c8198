using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>What the annotations of a column call its slots and keys.</summary>
internal static class ColumnTexts
{
    public static IReadOnlyList<string> SlotNames(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { IsKnownSize: true } vector ? LabelNames.Find(column, AnnotationKinds.SlotNames, vector.Size)?.Texts ?? [] : [];

    public static IReadOnlyList<string> KeyValues(DataViewSchema.Column column) =>
        Item(column.Type) is KeyDataViewType { Count: <= int.MaxValue } key ? LabelNames.Find(column, AnnotationKinds.KeyValues,
            (int)key.Count)?.Texts ?? [] : [];

    /// <summary>The type of a vector's items, or the type itself.</summary>
    public static DataViewType Item(DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;
}
