using System.Globalization;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Types that no text stands for, such as row numbers and images: they are set by programs alone.</summary>
internal sealed class OpaqueFormat<T> : ItemFormat<T>
{
    public override string Allowed => $"a value of {typeof(T).Name}";

    public override bool Accepts(JsonTokenType token) => false;

    public override bool TryParse(ReadOnlyMemory<char> text, out T value)
    {
        value = default!;
        return false;
    }

    public override void Write(Utf8JsonWriter writer, T value) => writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
}
