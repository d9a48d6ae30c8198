using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Keeps the characters of the texts of one row in storage that the next row uses again.</summary>
internal sealed class TextStore
{
    private char[] _characters = new char[64];
    private int _count;

    /// <summary>Forgets all texts; their memory will be written over.</summary>
    public void Clear() => _count = 0;

    public ReadOnlyMemory<char> Add(ReadOnlySpan<char> text)
    {
        text.CopyTo(Room(text.Length).Span);
        return Take(text.Length);
    }

    /// <summary>The characters of a JSON string, number, true or false.</summary>
    /// <returns>False if a string is not valid Unicode.</returns>
    public bool TryAdd(ref Utf8JsonReader reader, out ReadOnlyMemory<char> text)
    {
        // No character takes less than one byte.
        Span<char> room = Room(checked((int)(reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length))).Span;
        try
        {
            text = Take(reader.TokenType == JsonTokenType.String
                ? reader.CopyString(room)
                : Encoding.UTF8.GetChars(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, room));
            return true;
        }
        catch (InvalidOperationException)
        {
            text = default;
            return false;
        }
    }

    private Memory<char> Room(int length)
    {
        if (length > _characters.Length - _count)
        {
            // Earlier texts of the row stay where they are.
            _characters = new char[Math.Max(2 * _characters.Length, length)];
            _count = 0;
        }

        return _characters.AsMemory(_count, length);
    }

    private ReadOnlyMemory<char> Take(int length)
    {
        ReadOnlyMemory<char> text = _characters.AsMemory(_count, length);
        _count += length;
        return text;
    }
}
