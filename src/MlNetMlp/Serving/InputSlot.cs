using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>The value of one input column, for the row that is being filled or scored.</summary>
internal abstract class InputSlot(ScoringInput input)
{
    /// <summary>The longest text that a message repeats.</summary>
    private const int ShownLength = 40;

    public ScoringInput Input { get; } = input;

    /// <summary>The number of the row that the value was set for; -1 if it never was.</summary>
    public long Row { get; set; } = -1;

    /// <summary>A <c>ValueGetter</c> of the column's values.</summary>
    public abstract Delegate Getter { get; }

    public abstract void SetText(ReadOnlyMemory<char> text);

    public abstract void SetNumber(double number);

    public abstract void SetMissing();

    public abstract void SetJson(ref Utf8JsonReader reader);

    /// <summary>The exception for a value that the column does not take.</summary>
    /// <param name="found">What was given, in words.</param>
    /// <param name="slot">The slot of a vector that it was given for; -1 if for the column.</param>
    public InvalidRowException Refuse(string found, int slot = -1)
    {
        string place = slot < 0 ? "" : $" for {SlotNames.Describe(Input.Column, slot)}";
        return new(Input.Name, $"The column '{Input.Name}' takes {Input.Allowed}; {found} was given{place}.");
    }

    /// <summary>The exception for a value of a wrong .NET type.</summary>
    public InvalidRowException RefuseType(Type type, bool isVector) => new(
        Input.Name, $"The column '{Input.Name}' is {Input.Type}; {(isVector ? "a vector of " : "a value of ")}{type.Name} was given.");

    protected static string Quote(ReadOnlySpan<char> text) => $"the text {Shorten(text, "'")}";

    /// <summary>What a JSON token is, in words.</summary>
    protected static string Describe(ref Utf8JsonReader reader, TextStore texts) => reader.TokenType switch
    {
        JsonTokenType.String => texts.TryAdd(ref reader, out ReadOnlyMemory<char> text) ? Quote(text.Span) : "a text that is not valid Unicode",
        JsonTokenType.Number => texts.TryAdd(ref reader, out ReadOnlyMemory<char> number) ? $"the number {Shorten(number.Span, "")}" : "a number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType token => $"no value but the JSON token {token}",
    };

    private static string Shorten(ReadOnlySpan<char> text, string quote) =>
        text.Length <= ShownLength ? $"{quote}{text}{quote}" : $"{quote}{text[..ShownLength]}{quote}...";
}

/// <inheritdoc/>
internal abstract class InputSlot<T>(ScoringInput input, ItemFormat<T> format, TextStore texts) : InputSlot(input)
{
    protected ItemFormat<T> Format => format;

    protected TextStore Texts => texts;

    /// <summary>The value that stands for a missing one.</summary>
    /// <param name="found">What stands for it now, in words.</param>
    /// <param name="slot">The slot of a vector, or -1.</param>
    protected T Missing(string found, int slot) => format.TryGetMissing(out T value) ? value : throw Refuse(found, slot);

    /// <summary>Reads the value that the reader stands on.</summary>
    protected T Read(ref Utf8JsonReader reader, int slot)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return Missing("null", slot);
        }

        if (reader.TokenType == JsonTokenType.Number && !reader.HasValueSequence && format.TryParse(reader.ValueSpan, out T number))
        {
            return number;
        }

        return format.Accepts(reader.TokenType) && texts.TryAdd(ref reader, out ReadOnlyMemory<char> text) && format.TryParse(text, out T value)
            ? value
            : throw Refuse(Describe(ref reader, texts), slot);
    }
}
