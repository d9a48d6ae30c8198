using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>The value of one output column for the row that was scored.</summary>
internal abstract class OutputSlot(ScoringOutput output)
{
    public ScoringOutput Output { get; } = output;

    /// <summary>Computes the value.</summary>
    public abstract void Compute();

    public abstract void Write(Utf8JsonWriter writer);

    /// <summary>The exception for reading the column as something that it is not.</summary>
    public ArgumentException RefuseType(Type type, bool isVector) => new(
        $"The column '{Output.Name}' is {Output.Type}; {(isVector ? "a vector of " : "a value of ")}{type.Name} was asked for.");
}
