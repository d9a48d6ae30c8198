using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>What the slots of a vector column are called, for messages.</summary>
internal static class SlotNames
{
    /// <summary>For example <c>slot 3 ('age')</c>.</summary>
    public static string Describe(DataViewSchema.Column column, int slot)
    {
        if (LabelNames.Find(column, AnnotationKinds.SlotNames, (column.Type as VectorDataViewType)?.Size ?? 0) is { } names && names.Texts[slot].Length > 0)
        {
            return $"slot {slot} ('{names.Texts[slot]}')";
        }

        return $"slot {slot}";
    }
}
