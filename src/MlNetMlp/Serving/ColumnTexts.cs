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

    /// <summary>
    /// The slot names of a vector of Single, or else the label's values that ML.NET keeps on a column of scores; none if two of them are the same.
    /// </summary>
    public static IReadOnlyList<string> ValueNames(DataViewSchema.Column column, IReadOnlyList<string> slotNames)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single)
        {
            return [];
        }

        IReadOnlyList<string> names = slotNames.Count > 0 ? slotNames : LabelNames.Find(column, AnnotationKinds.TrainingLabelValues, vector.Size)?.Texts ?? [];
        return names.Count == vector.Size && names.Distinct().Count() == names.Count ? names : [];
    }

    /// <summary>The type of a vector's items, or the type itself.</summary>
    public static DataViewType Item(DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;
}
