using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Single and Double; NaN is the missing value.</summary>
internal sealed class RealFormat<T> : ItemFormat<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string Allowed => "a number";

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.Number or JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out T value) =>
        T.TryParse(text.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        // A number beyond the range is no infinity that somebody meant.
        && (!T.IsInfinity(value) || !text.Span.ContainsAnyInRange('0', '9'));

    public override bool TryParse(ReadOnlySpan<byte> number, out T value) =>
        T.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !T.IsInfinity(value);

    public override bool TryConvert(double number, out T value)
    {
        value = T.CreateSaturating(number);
        return !T.IsInfinity(value) || double.IsInfinity(number);
    }

    public override bool TryGetMissing(out T value)
    {
        value = T.NaN;
        return true;
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        // JSON has no other numbers than finite ones.
        if (!T.IsFinite(value))
        {
            writer.WriteNullValue();
        }
        else if (value is float single)
        {
            writer.WriteNumberValue(single);
        }
        else
        {
            writer.WriteNumberValue(double.CreateChecked(value));
        }
    }
}
