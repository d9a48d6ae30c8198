using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Service;

/// <summary>What the values of a column of scores stand for.</summary>
internal static class ClassNames
{
    // What ML.NET calls the label's values on a column of scores; slots have names of their own only where these are texts.
    private const string TrainingLabelValues = "TrainingLabelValues";

    /// <summary>The classes, in the order of the scores; empty if the file does not say, or if two have the same name.</summary>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column, IReadOnlyList<string> slotNames)
    {
        IReadOnlyList<string> names = slotNames.Count > 0 ? slotNames : LabelValues(column);
        return column.Type is VectorDataViewType vector && names.Count == vector.Size && names.Distinct().Count() == names.Count ? names : [];
    }

    private static string[] LabelValues(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(TrainingLabelValues)?.Type is not VectorDataViewType type)
        {
            return [];
        }

        // Once for a model, not for a row: the type of the values is known from the file only.
        MethodInfo read = typeof(ClassNames).GetMethod(nameof(Texts), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.ItemType.RawType);
        return (string[])read.Invoke(null, [column.Annotations])!;
    }

    private static string[] Texts<T>(DataViewSchema.Annotations annotations)
    {
        VBuffer<T> values = default;
        annotations.GetValue(TrainingLabelValues, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
