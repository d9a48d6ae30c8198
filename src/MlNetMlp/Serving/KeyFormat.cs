using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace MlNetMlp.Serving;

/// <summary>Keys: texts, JSON and numbers are values of the key where it has any, and count from 1 where it has none; key 0 is the missing one.</summary>
internal sealed class KeyFormat<T> : ItemFormat<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    private const int ShownValues = 10;

    private readonly ulong _count;
    private readonly IReadOnlyList<string> _values;
    private readonly Lazy<Dictionary<string, T>> _keys;

    public KeyFormat(ulong count, IReadOnlyList<string> values)
    {
        _count = count;
        _values = values;
        _keys = new(() => values
            .Select((value, i) => KeyValuePair.Create(value, T.CreateChecked(i + 1)))
            .DistinctBy(pair => pair.Key)
            .ToDictionary(StringComparer.Ordinal));
    }

    public override string Allowed => _values.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"a key from 1 to {_count}")
        : $"one of {string.Join(", ", _values.Take(ShownValues).Select(value => $"'{value}'"))}"
            + (_values.Count > ShownValues ? $", ... ({_values.Count} values)" : "");

    public override bool Accepts(JsonTokenType token) =>
        token is JsonTokenType.String or JsonTokenType.Number || (_values.Count > 0 && token is JsonTokenType.True or JsonTokenType.False);

    public override bool TryParse(ReadOnlyMemory<char> text, out T value) => TryParse(text.Span, out value);

    public override bool TryConvert(double number, out T value)
    {
        // The shortest text of a Double has at most 24 characters.
        Span<char> text = stackalloc char[32];
        number.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        return TryParse(text[..length], out value);
    }

    public override bool TryGetMissing(out T value)
    {
        value = T.Zero;
        return true;
    }

    public override bool IsInRange(T value) => ulong.CreateChecked(value) <= _count;

    public override void Write(Utf8JsonWriter writer, T value)
    {
        ulong key = ulong.CreateChecked(value);
        if (key == 0 || key > _count)
        {
            writer.WriteNullValue();
        }
        else if (_values.Count > 0)
        {
            writer.WriteStringValue(_values[(int)key - 1]);
        }
        else
        {
            writer.WriteNumberValue(key);
        }
    }

    private bool TryParse(ReadOnlySpan<char> text, out T value) => _values.Count > 0
        ? _keys.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out value)
        : T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value != T.Zero && IsInRange(value);
}
