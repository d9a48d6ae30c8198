using System.Text.Json;

namespace MlNetMlp.Internal;

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

    /// <summary>The type of a vector's items, or of the values themselves.</summary>
    public abstract Type ItemType { get; }

    public abstract void SetText(ReadOnlyMemory<char> text);

    public abstract void SetNumber(double number);

    public abstract void SetMissing();

    public abstract void SetJson(ref Utf8JsonReader reader);

    /// <summary>The exception for a value that the column does not take.</summary>
    /// <param name="found">What was given, in words.</param>
    public InvalidRowException Refuse(string found) => new(Input.Name, $"The column '{Input.Name}' takes {Input.Allowed}; {found} was given.");

    /// <summary>The same for one slot of a vector.</summary>
    public InvalidRowException Refuse(string found, int slot) => slot < 0
        ? Refuse(found)
        : new(Input.Name, $"The column '{Input.Name}' takes {Input.Allowed}; {found} was given for {SlotNames.Describe(Input.Column, slot)}.");

    /// <summary>The exception for a value of a wrong .NET type.</summary>
    public InvalidRowException RefuseType(Type type, bool isVector) => new(
        Input.Name, $"The column '{Input.Name}' is {Input.Type}; {(isVector ? "a vector of " : "a value of ")}{type.Name} was given.");

    protected static string Quote(ReadOnlySpan<char> text) => text.Length <= ShownLength ? $"the text '{text}'" : $"the text '{text[..ShownLength]}...'";

    /// <summary>What a JSON token is, in words.</summary>
    protected static string Describe(ref Utf8JsonReader reader, TextStore texts) => reader.TokenType switch
    {
        JsonTokenType.String => Quote(texts.Add(ref reader).Span),
        JsonTokenType.Number => $"the number {texts.Add(ref reader)}",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType token => $"no value but the JSON token {token}",
    };
}

/// <inheritdoc/>
internal abstract class InputSlot<T>(ScoringInput input, ItemFormat<T> format, TextStore texts) : InputSlot(input)
{
    public override Type ItemType => typeof(T);

    protected ItemFormat<T> Format => format;

    protected TextStore Texts => texts;

    protected T Missing(int slot) => format.TryGetMissing(out T value) ? value : throw Refuse("no value", slot);

    /// <summary>Reads the value that the reader stands on.</summary>
    protected T Read(ref Utf8JsonReader reader, int slot)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return format.TryGetMissing(out T missing) ? missing : throw Refuse("null", slot);
        }

        try
        {
            if (format.Accepts(reader.TokenType) && format.TryParse(texts.Add(ref reader), out T value))
            {
                return value;
            }

            throw Refuse(Describe(ref reader, texts), slot);
        }
        catch (InvalidOperationException exception) when (exception is not InvalidRowException)
        {
            throw Refuse("a text that is not valid Unicode", slot);
        }
    }
}
