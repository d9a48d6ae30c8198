using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>The slots of a vector column that belong together as the one-hot code of a category.</summary>
internal static class CategoricalSlots
{
    /// <summary>The groups of slots that the annotation <c>CategoricalSlotRanges</c> names; none where there is no such annotation.</summary>
    /// <param name="column">A vector column of known size.</param>
    /// <param name="problem">Why the annotation is ignored, for a message; null: it is not.</param>
    public static CategoricalGroup[] Of(DataViewSchema.Column column, out string? problem)
    {
        problem = null;
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.CategoricalSlotRanges) is not { } annotation)
        {
            return [];
        }

        VBuffer<int> ends = default;
        if (annotation.Type is VectorDataViewType { ItemType: NumberDataViewType { RawType: { } type } } && type == typeof(int))
        {
            column.Annotations.GetValue(AnnotationKinds.CategoricalSlotRanges, ref ends);
        }
        else
        {
            problem = $"it is {annotation.Type} and not Vector<Int32>";
            return [];
        }

        int[] values = [.. ends.DenseValues()];
        CategoricalGroup[] groups = [.. values.Chunk(2).Select(pair => new CategoricalGroup(pair[0], pair[^1]))];
        problem = values.Length % 2 != 0 ? $"it has {values.Length} numbers, and not pairs of a first and a last slot"
            : CategoricalGroup.Problem(groups, ((VectorDataViewType)column.Type).Size);
        return problem is null ? groups : [];
    }
}
