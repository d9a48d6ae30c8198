using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace MlNetMlp.Internal;

/// <summary>Keys: texts and JSON are values of the key where it has any, and numbers from 1 where it has none; key 0 is the missing one.</summary>
internal sealed class KeyFormat<T> : ItemFormat<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    private const int ShownValues = 10;

    private readonly ulong _count;
    private readonly IReadOnlyList<string> _values;
    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _keys;

    public KeyFormat(ulong count, IReadOnlyList<string> values)
    {
        _count = count;
        _values = values;
        _keys = values
            .Select((value, i) => KeyValuePair.Create(value, T.CreateChecked(i + 1)))
            .DistinctBy(pair => pair.Key)
            .ToFrozenDictionary(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override string Allowed => _values.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"a key from 1 to {_count}")
        : $"one of {string.Join(", ", _values.Take(ShownValues).Select(value => $"'{value}'"))}{(_values.Count > ShownValues ? $", ... ({_values.Count} values)" : "")}";

    public override bool Accepts(JsonTokenType token) =>
        token is JsonTokenType.String or JsonTokenType.Number || (_values.Count > 0 && token is JsonTokenType.True or JsonTokenType.False);

    public override bool TryParse(ReadOnlyMemory<char> text, out T value) => _values.Count > 0
        ? _keys.TryGetValue(text.Span, out value)
        : T.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value != T.Zero && IsInRange(value);

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
}
