using System.Numerics;

namespace Microsoft.ML.StandIn;

/// <summary>Reads a field of text as a value; false means that the text is no such value.</summary>
internal delegate bool ParseText<TValue>(ReadOnlyMemory<char> text, out TValue value);

/// <summary>How fields of text become values of each type.</summary>
/// <remarks>
/// An empty field is zero, false or the missing key. Text that is no number is NaN; for types that have no missing value it is an error.
/// </remarks>
internal static class TextParsing
{
    private static readonly Dictionary<Type, Delegate> _parsers = new()
    {
        [typeof(float)] = (ParseText<float>)Float,
        [typeof(double)] = (ParseText<double>)Float,
        [typeof(sbyte)] = (ParseText<sbyte>)Integer,
        [typeof(byte)] = (ParseText<byte>)Integer,
        [typeof(short)] = (ParseText<short>)Integer,
        [typeof(ushort)] = (ParseText<ushort>)Integer,
        [typeof(int)] = (ParseText<int>)Integer,
        [typeof(uint)] = (ParseText<uint>)Integer,
        [typeof(long)] = (ParseText<long>)Integer,
        [typeof(ulong)] = (ParseText<ulong>)Integer,
        [typeof(bool)] = (ParseText<bool>)Boolean,
        [typeof(ReadOnlyMemory<char>)] = (ParseText<ReadOnlyMemory<char>>)Text,
    };

    public static ParseText<TValue> For<TValue>(PrimitiveDataViewType type)
        => (ParseText<TValue>)(type is KeyDataViewType key
            ? Generic.Call<Delegate>(Key<byte>, key.RawType, key.Count)
            : _parsers[type.RawType]);

    private static bool Text(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    private static bool Float<TValue>(ReadOnlyMemory<char> text, out TValue value) where TValue : struct, IFloatingPointIeee754<TValue>
    {
        value = default;
        if (!text.Span.IsWhiteSpace() && !TValue.TryParse(text.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            value = TValue.NaN;
        return true;
    }

    private static bool Integer<TValue>(ReadOnlyMemory<char> text, out TValue value) where TValue : struct, IBinaryInteger<TValue>
    {
        value = default;
        return text.IsEmpty || TValue.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool Boolean(ReadOnlyMemory<char> text, out bool value)
    {
        string word = text.ToString().ToUpperInvariant();
        value = word is "T" or "Y" or "1" or "+" or "+1" or "YES" or "TRUE";
        return value || word is "" or "F" or "N" or "0" or "-" or "-1" or "NO" or "FALSE";
    }

    /// <summary>Text holds a key as a number from 0; the value is one more, so that 0 is missing.</summary>
    private static ParseText<TValue> Key<TValue>(ulong count) where TValue : struct, IBinaryInteger<TValue>
        => (ReadOnlyMemory<char> text, out TValue value) =>
        {
            bool known = ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out ulong index) && index < count;
            value = known ? TValue.CreateChecked(index + 1) : default;
            return true;
        };
}
