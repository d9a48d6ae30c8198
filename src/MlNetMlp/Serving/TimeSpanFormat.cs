using System.Globalization;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Lengths of time; no value is a missing one.</summary>
internal sealed class TimeSpanFormat : ItemFormat<TimeSpan>
{
    public override string Allowed => "a length of time such as '1.12:30:00', which is a day and a half and 30 minutes";

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out TimeSpan value) => TimeSpan.TryParse(text.Span, CultureInfo.InvariantCulture, out value);

    public override void Write(Utf8JsonWriter writer, TimeSpan value)
    {
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out int length, "c", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
