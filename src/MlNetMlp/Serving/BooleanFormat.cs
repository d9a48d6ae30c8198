using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>True and false; no value is a missing one.</summary>
internal sealed class BooleanFormat : ItemFormat<bool>
{
    public override string Allowed => "true or false";

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.True or JsonTokenType.False or JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out bool value) => bool.TryParse(text.Span, out value);

    public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);
}
