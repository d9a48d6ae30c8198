using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Whole numbers of any width; no value is a missing one.</summary>
internal sealed class IntegerFormat<T> : ItemFormat<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}");

    public override bool Accepts(JsonTokenType token) => token is JsonTokenType.Number or JsonTokenType.String;

    public override bool TryParse(ReadOnlyMemory<char> text, out T value) => T.TryParse(text.Span, Style, CultureInfo.InvariantCulture, out value);

    public override bool TryParse(ReadOnlySpan<byte> number, out T value) => T.TryParse(number, Style, CultureInfo.InvariantCulture, out value);

    public override bool TryConvert(double number, out T value)
    {
        // Both bounds are exact: the largest value of a wide type may round up, one more than it does not.
        bool fits = Math.Truncate(number) == number
            && number >= double.CreateChecked(T.MinValue)
            && number < 2 * double.CreateChecked((T.MaxValue >>> 1) + T.One);
        value = fits ? T.CreateChecked(number) : default;
        return fits;
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        if (T.IsNegative(value))
        {
            writer.WriteNumberValue(long.CreateChecked(value));
        }
        else
        {
            writer.WriteNumberValue(ulong.CreateChecked(value));
        }
    }
}
