using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>A column that is computed for rows. Immutable.</summary>
public sealed class ScoringOutput
{
    internal ScoringOutput(DataViewSchema.Column column, int index)
    {
        Column = column;
        Index = index;
        Format = ItemFormat.Of(column);
        SlotNames = ColumnTexts.SlotNames(column);
        KeyValues = ColumnTexts.KeyValues(column);
    }

    /// <summary>The name of the column.</summary>
    public string Name => Column.Name;

    /// <summary>The index of the column in <see cref="RowScorer.Outputs"/>.</summary>
    public int Index { get; }

    /// <summary>The type of the column.</summary>
    public DataViewType Type => Column.Type;

    /// <summary>The names of the slots of a vector column, which for <c>Score</c> are those of the classes; empty if they have none.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>The values of a key column as text; key 1 is the first. Empty if the keys have none.</summary>
    public IReadOnlyList<string> KeyValues { get; }

    internal DataViewSchema.Column Column { get; }

    internal ItemFormat Format { get; }

    /// <summary>Name and type.</summary>
    public override string ToString() => $"'{Name}' {Type}";
}
