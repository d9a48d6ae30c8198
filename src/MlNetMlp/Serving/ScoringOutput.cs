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
        ValueNames = ColumnTexts.ValueNames(column, SlotNames);
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

    /// <summary>
    /// What the values of a vector of Single stand for, for example the classes of <c>Score</c>, also where these are numbers, which cannot be
    /// <see cref="SlotNames"/>. Empty if that is unknown, or if two have the same name.
    /// </summary>
    public IReadOnlyList<string> ValueNames { get; }

    internal DataViewSchema.Column Column { get; }

    internal ItemFormat Format { get; }

    /// <summary>Name and type.</summary>
    public override string ToString() => $"'{Name}' {Type}";
}
