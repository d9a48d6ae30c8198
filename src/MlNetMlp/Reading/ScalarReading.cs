using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Reads single values of whatever type as whole numbers: equal ones for equal values, and in the same order, except for texts.</summary>
internal static class ScalarReading
{
    private static readonly Type[] _ordered =
    [
        typeof(float), typeof(double), typeof(sbyte), typeof(short), typeof(int), typeof(long), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong),
        typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan),
    ];

    /// <summary>Whether values of a type have an order that is kept.</summary>
    public static bool Orders(Type type) => _ordered.Contains(type);

    /// <summary>Whether values of a type can be read.</summary>
    public static bool Reads(Type type) => Orders(type) || type == typeof(bool) || type == typeof(ReadOnlyMemory<char>);

    /// <summary>What reads the value of the row that a cursor stands on; null for a missing number.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="column">The column, of a type that is read.</param>
    public static Func<long?> Of(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(float) => Read<float>(row, column, value => Ordered(value)),
        var type when type == typeof(double) => Read<double>(row, column, Ordered),
        var type when type == typeof(sbyte) => Read<sbyte>(row, column, value => value),
        var type when type == typeof(short) => Read<short>(row, column, value => value),
        var type when type == typeof(int) => Read<int>(row, column, value => value),
        var type when type == typeof(long) => Read<long>(row, column, value => value),
        var type when type == typeof(byte) => Read<byte>(row, column, value => value),
        var type when type == typeof(ushort) => Read<ushort>(row, column, value => value),
        var type when type == typeof(uint) => Read<uint>(row, column, value => value),
        var type when type == typeof(ulong) => Read<ulong>(row, column, value => (long)(value ^ (1UL << 63))),
        var type when type == typeof(DateTime) => Read<DateTime>(row, column, value => value.Ticks),
        var type when type == typeof(DateTimeOffset) => Read<DateTimeOffset>(row, column, value => value.UtcTicks),
        var type when type == typeof(TimeSpan) => Read<TimeSpan>(row, column, value => value.Ticks),
        var type when type == typeof(bool) => Read<bool>(row, column, value => value ? 1 : 0),
        _ => Read<ReadOnlyMemory<char>>(row, column, value => Hash(value.Span)),
    };

    private static Func<long?> Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long?> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    /// <summary>The bits of a number; of negative ones the others, so that they are in the order of the numbers. Both zeros are the same.</summary>
    private static long? Ordered(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return double.IsNaN(value) ? null : bits >= 0 ? bits : bits ^ long.MaxValue;
    }

    /// <summary>FNV-1a in 64 bits (Fowler, Noll and Vo), of UTF-16: the same in every process.</summary>
    private static long? Hash(ReadOnlySpan<char> text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in text)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        return (long)hash;
    }
}
