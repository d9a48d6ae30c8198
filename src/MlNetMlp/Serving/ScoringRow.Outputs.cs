using System.Text.Json;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

public sealed partial class ScoringRow
{
    /// <summary>Reads an output of single values.</summary>
    /// <typeparam name="T">
    /// The type of the column's values, exactly: <c>float</c> for Single, <c>ReadOnlyMemory&lt;char&gt;</c> for texts. Keys count from 1.
    /// </typeparam>
    /// <param name="name">The name of the column.</param>
    /// <exception cref="ArgumentException">There is no such output, or its values are of another type.</exception>
    /// <exception cref="InvalidOperationException">The row has not been scored.</exception>
    public T Get<T>(string name) => Get<T>(OutputIndex(name));

    /// <param name="index">The index of the column in <see cref="RowScorer.Outputs"/>.</param>
    /// <inheritdoc cref="Get{T}(string)"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public T Get<T>(int index)
    {
        OutputSlot slot = Scored(index);
        return (slot as ScalarOutput<T> ?? throw slot.RefuseType(typeof(T), isVector: false)).Value;
    }

    /// <summary>Reads all slots of an output of vectors, without copying. Valid until the next row begins.</summary>
    /// <typeparam name="T">The type of the vectors' items, exactly.</typeparam>
    /// <param name="name">The name of the column.</param>
    /// <exception cref="ArgumentException">There is no such output, or its values are of another type.</exception>
    /// <exception cref="InvalidOperationException">The row has not been scored.</exception>
    public ReadOnlySpan<T> GetValues<T>(string name) => GetValues<T>(OutputIndex(name));

    /// <param name="index">The index of the column in <see cref="RowScorer.Outputs"/>.</param>
    /// <inheritdoc cref="GetValues{T}(string)"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ReadOnlySpan<T> GetValues<T>(int index) => Vector<T>(Scored(index)).Values;

    /// <summary>Reads an output of vectors as the pipeline made it, dense or sparse, without copying. Valid until the next row begins.</summary>
    /// <inheritdoc cref="GetValues{T}(string)"/>
    public ref readonly VBuffer<T> GetVector<T>(string name) => ref GetVector<T>(OutputIndex(name));

    /// <param name="index">The index of the column in <see cref="RowScorer.Outputs"/>.</param>
    /// <inheritdoc cref="GetVector{T}(string)"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ref readonly VBuffer<T> GetVector<T>(int index) => ref Vector<T>(Scored(index)).Value;

    /// <summary>Writes an output of any type as a JSON value.</summary>
    /// <remarks>
    /// Vectors are arrays. Keys are their values as text, or numbers from 1 where they have none. A missing key is null, and so is a number
    /// that is not finite, which JSON does not have.
    /// </remarks>
    /// <param name="name">The name of the column.</param>
    /// <param name="writer">Where to write.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">The row has not been scored.</exception>
    public void WriteJson(string name, Utf8JsonWriter writer) => WriteJson(OutputIndex(name), writer);

    /// <param name="index">The index of the column in <see cref="RowScorer.Outputs"/>.</param>
    /// <param name="writer">Where to write.</param>
    /// <inheritdoc cref="WriteJson(string, Utf8JsonWriter)" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void WriteJson(int index, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Scored(index).Write(writer);
    }

    private static VectorOutput<T> Vector<T>(OutputSlot slot) => slot as VectorOutput<T> ?? throw slot.RefuseType(typeof(T), isVector: true);

    private OutputSlot Scored(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _outputs.Length);
        return _isScored ? _outputs[index] : throw new InvalidOperationException("The row is not scored: set its columns and call Score.");
    }

    private int OutputIndex(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int index = Scorer.OutputIndex(name);
        return index >= 0 ? index : throw new ArgumentException(
            $"There is no output '{name}'. The outputs are {ColumnNames.List(Scorer.Outputs.Select(output => output.Name))}.", nameof(name));
    }
}
