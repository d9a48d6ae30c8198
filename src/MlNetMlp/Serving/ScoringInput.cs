using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>A column that rows to be scored may have. Immutable.</summary>
public sealed class ScoringInput
{
    internal ScoringInput(DataViewSchema.Column column, int index, bool isRequired)
    {
        Column = column;
        Index = index;
        IsRequired = isRequired;
        Format = ItemFormat.Of(column);
        SlotNames = ColumnTexts.SlotNames(column);
        KeyValues = ColumnTexts.KeyValues(column);
    }

    /// <summary>The name of the column.</summary>
    public string Name => Column.Name;

    /// <summary>The index of the column in <see cref="RowScorer.Inputs"/>.</summary>
    public int Index { get; }

    /// <summary>The type of the column.</summary>
    public DataViewType Type => Column.Type;

    /// <summary>True if the outputs cannot be computed without the column. Others, such as a label, may be set and are not read.</summary>
    public bool IsRequired { get; }

    /// <summary>What the column accepts, in words, for example <c>a whole number from 0 to 255</c>.</summary>
    public string Allowed => Type is VectorDataViewType vector ? Format.AllowedVector(vector.Size) : Format.Allowed;

    /// <summary>The names of the slots of a vector column; empty if they have none.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>The values of a key column as text; key 1 is the first. Empty if the keys have none.</summary>
    public IReadOnlyList<string> KeyValues { get; }

    internal DataViewSchema.Column Column { get; }

    internal ItemFormat Format { get; }

    /// <summary>Name and type.</summary>
    public override string ToString() => $"'{Name}' {Type}";
}
