using System.Text.Json;

namespace MlNetMlp.Serving;

public sealed partial class ScoringRow
{
    /// <summary>Sets a column of single values.</summary>
    /// <typeparam name="T">
    /// The type of the column's values, exactly: <c>float</c> for Single. Keys are numbers as columns hold them: from 1, and 0 is the
    /// missing key.
    /// </typeparam>
    /// <param name="name">The name of the column.</param>
    /// <param name="value">The value. NaN is the missing value of Single and Double.</param>
    /// <exception cref="InvalidRowException">There is no such column, or it does not accept the value.</exception>
    public void Set<T>(string name, T value) => Set(InputIndex(name), value);

    /// <summary>Sets a column of single values.</summary>
    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="value">The value.</param>
    /// <inheritdoc cref="Set{T}(string, T)" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void Set<T>(int index, T value)
    {
        InputSlot slot = Begin(index);
        (slot as ScalarInput<T> ?? throw slot.RefuseType(typeof(T), isVector: false)).Set(value);
        slot.Row = _number;
    }

    /// <summary>Sets a column of single values of any type from a text. A text column takes it as it is.</summary>
    /// <remarks>
    /// Numbers, dates and times are read as the invariant culture writes them, and <c>NaN</c> is a missing number. Texts for keys are their values
    /// (<see cref="ScoringInput.KeyValues"/>), or numbers from 1 where they have none.
    /// </remarks>
    /// <param name="name">The name of the column.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="InvalidRowException">There is no such column, or it does not accept the text.</exception>
    public void Set(string name, string text) => Set(InputIndex(name), text);

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="text">The text.</param>
    /// <inheritdoc cref="Set(string, string)" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void Set(int index, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        InputSlot slot = Begin(index);
        slot.SetText(text.AsMemory());
        slot.Row = _number;
    }

    /// <summary>The same with a text that is copied, into memory that the next row reuses.</summary>
    /// <inheritdoc cref="Set(string, string)"/>
    public void SetText(string name, ReadOnlySpan<char> text) => SetText(InputIndex(name), text);

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="text">The text.</param>
    /// <inheritdoc cref="SetText(string, ReadOnlySpan{char})" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void SetText(int index, ReadOnlySpan<char> text)
    {
        InputSlot slot = Begin(index);
        slot.SetText(_texts.Add(text));
        slot.Row = _number;
    }

    /// <summary>Sets a column of numbers of any type.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="number">The number: whole and within the range of the type for whole numbers, rounded for Single. NaN is a missing number.</param>
    /// <exception cref="InvalidRowException">There is no such column, or it does not accept the number.</exception>
    public void SetNumber(string name, double number) => SetNumber(InputIndex(name), number);

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="number">The number.</param>
    /// <inheritdoc cref="SetNumber(string, double)" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void SetNumber(int index, double number)
    {
        InputSlot slot = Begin(index);
        slot.SetNumber(number);
        slot.Row = _number;
    }

    /// <summary>Sets a column to its missing value: NaN for Single and Double, key 0, the empty text; of a vector, every slot.</summary>
    /// <param name="name">The name of the column.</param>
    /// <exception cref="InvalidRowException">There is no such column, or its type has no missing value.</exception>
    public void SetMissing(string name) => SetMissing(InputIndex(name));

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <inheritdoc cref="SetMissing(string)"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void SetMissing(int index)
    {
        InputSlot slot = Begin(index);
        slot.SetMissing();
        slot.Row = _number;
    }

    /// <summary>Sets a column of vectors.</summary>
    /// <typeparam name="T">The type of the vectors' items, exactly.</typeparam>
    /// <param name="name">The name of the column.</param>
    /// <param name="values">The values of all slots; they are copied.</param>
    /// <exception cref="InvalidRowException">There is no such column, or it does not accept vectors of this type or size, or these values.</exception>
    public void SetVector<T>(string name, ReadOnlySpan<T> values) => SetVector(InputIndex(name), values);

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="values">The values of all slots; they are copied.</param>
    /// <inheritdoc cref="SetVector{T}(string, ReadOnlySpan{T})" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void SetVector<T>(int index, ReadOnlySpan<T> values)
    {
        InputSlot slot = Begin(index);
        Vector<T>(slot).Set(values);
        slot.Row = _number;
    }

    /// <summary>Sets a column of vectors that are mostly zero.</summary>
    /// <typeparam name="T">The type of the vectors' items, exactly.</typeparam>
    /// <param name="name">The name of the column.</param>
    /// <param name="length">The number of slots of the vector.</param>
    /// <param name="indices">The slots that are not zero, ascending, from 0.</param>
    /// <param name="values">The values of these slots; they are copied.</param>
    /// <exception cref="InvalidRowException">There is no such column, or it does not accept vectors of this type or size, or these values.</exception>
    public void SetVector<T>(string name, int length, ReadOnlySpan<int> indices, ReadOnlySpan<T> values) => SetVector(InputIndex(name), length,
        indices, values);

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="length">The number of slots of the vector.</param>
    /// <param name="indices">The slots that are not zero, ascending, from 0.</param>
    /// <param name="values">The values of these slots; they are copied.</param>
    /// <inheritdoc cref="SetVector{T}(string, int, ReadOnlySpan{int}, ReadOnlySpan{T})" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void SetVector<T>(int index, int length, ReadOnlySpan<int> indices, ReadOnlySpan<T> values)
    {
        InputSlot slot = Begin(index);
        Vector<T>(slot).Set(length, indices, values);
        slot.Row = _number;
    }

    /// <summary>Sets a column of any type from the JSON value at the position of a reader.</summary>
    /// <remarks>
    /// Numeric columns take numbers, or texts that <see cref="Set(string, string)"/> takes; Boolean columns true or false; text columns texts; keys values;
    /// dates and times texts; vectors arrays of these. <c>null</c> is the missing value of types that have one, see <see cref="SetMissing(string)"/>.
    /// </remarks>
    /// <param name="name">The name of the column.</param>
    /// <param name="reader">On the first token of the value before the call, and on its last token after it.</param>
    /// <exception cref="InvalidRowException">There is no such column, or it does not accept the value.</exception>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public void SetJson(string name, ref Utf8JsonReader reader) => SetJson(InputIndex(name), ref reader);

    /// <param name="index">The index of the column in <see cref="RowScorer.Inputs"/>.</param>
    /// <param name="reader">On the first token of the value before the call, and on its last token after it.</param>
    /// <inheritdoc cref="SetJson(string, ref Utf8JsonReader)" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void SetJson(int index, ref Utf8JsonReader reader)
    {
        InputSlot slot = Begin(index);
        slot.SetJson(ref reader);
        slot.Row = _number;
    }

    private static VectorInput<T> Vector<T>(InputSlot slot) => slot as VectorInput<T> ?? throw slot.RefuseType(typeof(T), isVector: true);

    /// <summary>The column that is about to be set, which after scoring begins another row. It counts as not set until it is.</summary>
    private InputSlot Begin(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _inputs.Length);
        if (_isScored)
        {
            Clear();
        }

        InputSlot slot = _inputs[index];
        slot.Row = -1;
        return slot;
    }

    private int InputIndex(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int index = Scorer.InputIndex(name);
        return index >= 0 ? index : throw new InvalidRowException(
            name, $"There is no column '{name}'. The columns are {ColumnNames.List(Scorer.Inputs.Select(input => input.Name))}.");
    }
}
