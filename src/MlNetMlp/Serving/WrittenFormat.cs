using System.Globalization;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Values that have one way to be written as a text: truth values, dates and lengths of time. No value is a missing one.</summary>
/// <param name="allowed">What a value may be.</param>
/// <param name="parse">Reads a text.</param>
/// <param name="write">Writes a value.</param>
internal sealed class WrittenFormat<T>(string allowed, WrittenFormat<T>.Parser parse, Action<Utf8JsonWriter, T> write) : ItemFormat<T>
{
    public delegate bool Parser(ReadOnlySpan<char> text, out T value);

    public override string Allowed => allowed;

    public override bool Accepts(JsonTokenType token) =>
        token is JsonTokenType.String || (token is JsonTokenType.True or JsonTokenType.False && typeof(T) == typeof(bool));

    public override bool TryParse(ReadOnlyMemory<char> text, out T value) => parse(text.Span, out value);

    public override void Write(Utf8JsonWriter writer, T value) => write(writer, value);
}

/// <summary>The formats of these types. Dates are written as ISO 8601 has them; where the distance from universal time is left out, it is 0.</summary>
internal static class WrittenFormats
{
    public static readonly ItemFormat Boolean = new WrittenFormat<bool>("true or false", bool.TryParse, (writer, value) => writer.WriteBooleanValue(value));

    public static readonly ItemFormat DateTime = new WrittenFormat<DateTime>(
        "a date and time such as '2031-12-24T18:30:00'",
        (text, out value) => System.DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out value),
        (writer, value) => writer.WriteStringValue(value));

    public static readonly ItemFormat DateTimeOffset = new WrittenFormat<DateTimeOffset>(
        "a date and time such as '2031-12-24T18:30:00+01:00'",
        (text, out value) => System.DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value),
        (writer, value) => writer.WriteStringValue(value));

    public static readonly ItemFormat TimeSpan = new WrittenFormat<TimeSpan>(
        "a length of time such as '1.12:30:00', which is a day and a half and 30 minutes",
        (text, out value) => System.TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value),
        (writer, value) =>
        {
            Span<char> text = stackalloc char[32];
            value.TryFormat(text, out int length, "c", CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        });
}
