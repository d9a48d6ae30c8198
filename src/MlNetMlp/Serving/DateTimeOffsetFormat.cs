using System.Globalization;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Points in time, as ISO 8601 writes them; where the distance from universal time is left out, it is 0. No value is a missing one.</summary>
internal sealed class DateTimeOffsetFormat : ItemFormat<DateTimeOffset>
{
    public override string Allowed => "a date and time such as '2031-12-24T18:30:00+01:00'";

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out DateTimeOffset value) =>
        DateTimeOffset.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value) => writer.WriteStringValue(value);
}
