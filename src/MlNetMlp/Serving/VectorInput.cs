using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>The value of a column of vectors, of a certain size, or of any if the size is 0.</summary>
internal sealed class VectorInput<T>(ScoringInput input, ItemFormat<T> format, TextStore texts, int size) : InputSlot<T>(input, format, texts)
{
    private VBuffer<T> _value;
    private T[] _items = new T[size];

    public override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _value.CopyTo(ref value));

    public void Set(ReadOnlySpan<T> values)
    {
        CheckSize(values.Length);
        CheckRange(values, []);
        VBufferEditor<T> editor = VBufferEditor.Create(ref _value, values.Length);
        values.CopyTo(editor.Values);
        _value = editor.Commit();
    }

    /// <param name="length">The size of the vector.</param>
    /// <param name="indices">The slots that have values, ascending.</param>
    /// <param name="values">The values of these.</param>
    public void Set(int length, ReadOnlySpan<int> indices, ReadOnlySpan<T> values)
    {
        CheckSize(length);
        if (indices.Length != values.Length)
        {
            throw Refuse($"a sparse vector of {values.Length} values with {indices.Length} indices");
        }

        int last = -1;
        foreach (int index in indices)
        {
            if (index <= last || index >= length)
            {
                throw Refuse($"a sparse vector of {length} slots whose indices are not ascending from 0 to {length - 1}");
            }

            last = index;
        }

        CheckRange(values, indices);
        VBufferEditor<T> editor = VBufferEditor.Create(ref _value, length, values.Length);
        values.CopyTo(editor.Values);
        if (values.Length < length)
        {
            indices.CopyTo(editor.Indices);
        }

        _value = editor.Commit();
    }

    public override void SetText(ReadOnlyMemory<char> text) => throw Refuse(Quote(text.Span));

    public override void SetNumber(double number) => throw Refuse(string.Create(CultureInfo.InvariantCulture, $"the number {number}"));

    /// <summary>All slots are missing; a vector of any size has none.</summary>
    public override void SetMissing()
    {
        _items.AsSpan(0, size).Fill(size > 0 ? Missing("no value", -1) : default!);
        Set(_items.AsSpan(0, size));
    }

    public override void SetJson(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            SetMissing();
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Refuse(Describe(ref reader, Texts));
        }

        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == _items.Length)
            {
                if (size > 0)
                {
                    throw Refuse($"an array of more than {size} values");
                }

                Array.Resize(ref _items, Math.Max(16, 2 * count));
            }

            _items[count] = Read(ref reader, count);
            count++;
        }

        if (reader.TokenType != JsonTokenType.EndArray)
        {
            throw Refuse("an array without an end");
        }

        Set(_items.AsSpan(0, count));
    }

    private void CheckSize(int length)
    {
        if (size > 0 && length != size)
        {
            throw Refuse(string.Create(CultureInfo.InvariantCulture, $"a vector of {length} values"));
        }
    }

    private void CheckRange(ReadOnlySpan<T> values, ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!Format.IsInRange(values[i]))
            {
                throw Refuse(string.Create(CultureInfo.InvariantCulture, $"{values[i]}"), indices.IsEmpty ? i : indices[i]);
            }
        }
    }
}
