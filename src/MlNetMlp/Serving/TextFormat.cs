using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Texts; the empty one is ML.NET's missing value.</summary>
internal sealed class TextFormat : ItemFormat<ReadOnlyMemory<char>>
{
    public override string Allowed => "a text";

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    public override bool TryGetMissing(out ReadOnlyMemory<char> value)
    {
        value = default;
        return true;
    }

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<char> value) => writer.WriteStringValue(value.Span);
}
