using System.Globalization;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Dates with a time of day, as ISO 8601 writes them; no value is a missing one.</summary>
internal sealed class DateTimeFormat : ItemFormat<DateTime>
{
    public override string Allowed => "a date and time such as '2031-12-24T18:30:00'";

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out DateTime value) =>
        DateTime.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out value);

    public override void Write(Utf8JsonWriter writer, DateTime value) => writer.WriteStringValue(value);
}
