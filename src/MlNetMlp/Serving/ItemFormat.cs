using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>How values of one column type, or the items of its vectors, are made of texts, JSON and numbers, and written as JSON. Immutable.</summary>
internal abstract class ItemFormat
{
    /// <summary>What a value may be, for messages and descriptions.</summary>
    public abstract string Allowed { get; }

    /// <param name="size">The size of the vector; 0: any.</param>
    public string AllowedVector(int size) => size > 0 ? $"{size} values in an array, each {Allowed}" : $"values in an array, each {Allowed}";

    /// <summary>The format of a column's values, or of its vectors' items.</summary>
    public static ItemFormat Of(DataViewSchema.Column column) => ColumnTexts.Item(column.Type) switch
    {
        KeyDataViewType key when key.RawType == typeof(byte) => new KeyFormat<byte>(key.Count, ColumnTexts.KeyValues(column)),
        KeyDataViewType key when key.RawType == typeof(ushort) => new KeyFormat<ushort>(key.Count, ColumnTexts.KeyValues(column)),
        KeyDataViewType key when key.RawType == typeof(uint) => new KeyFormat<uint>(key.Count, ColumnTexts.KeyValues(column)),
        KeyDataViewType key when key.RawType == typeof(ulong) => new KeyFormat<ulong>(key.Count, ColumnTexts.KeyValues(column)),
        TextDataViewType => new TextFormat(),
        BooleanDataViewType => WrittenFormats.Boolean,
        DateTimeDataViewType => WrittenFormats.DateTime,
        DateTimeOffsetDataViewType => WrittenFormats.DateTimeOffset,
        TimeSpanDataViewType => WrittenFormats.TimeSpan,
        NumberDataViewType number => OfNumber(number.RawType),
        DataViewType other => (ItemFormat)Activator.CreateInstance(typeof(OpaqueFormat<>).MakeGenericType(other.RawType))!,
    };

    /// <summary>A place for the values of an input column.</summary>
    public abstract InputSlot CreateInput(ScoringInput input, TextStore texts);

    /// <summary>A place for the values of an output column.</summary>
    public abstract OutputSlot CreateOutput(ScoringOutput output, DataViewRow row);

    private static ItemFormat OfNumber(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Single => new RealFormat<float>(),
        TypeCode.Double => new RealFormat<double>(),
        TypeCode.SByte => new IntegerFormat<sbyte>(),
        TypeCode.Byte => new IntegerFormat<byte>(),
        TypeCode.Int16 => new IntegerFormat<short>(),
        TypeCode.UInt16 => new IntegerFormat<ushort>(),
        TypeCode.Int32 => new IntegerFormat<int>(),
        TypeCode.UInt32 => new IntegerFormat<uint>(),
        TypeCode.Int64 => new IntegerFormat<long>(),
        TypeCode.UInt64 => new IntegerFormat<ulong>(),
        _ => (ItemFormat)Activator.CreateInstance(typeof(OpaqueFormat<>).MakeGenericType(type))!,
    };
}

/// <inheritdoc/>
internal abstract class ItemFormat<T> : ItemFormat
{
    /// <summary>Whether a value may be given as such a JSON token.</summary>
    public abstract bool Accepts(JsonTokenType token);

    /// <param name="text">The characters, which stay what they are as long as the row.</param>
    /// <param name="value">The value that they mean.</param>
    public abstract bool TryParse(ReadOnlyMemory<char> text, out T value);

    /// <summary>Reads a number as it stands in JSON, in the place of <see cref="TryParse(ReadOnlyMemory{char}, out T)"/>; false: not a type that can.</summary>
    public virtual bool TryParse(ReadOnlySpan<byte> number, out T value)
    {
        value = default!;
        return false;
    }

    /// <summary>The value of a number, if the type has exactly it, or the nearest one of a type of real numbers.</summary>
    public virtual bool TryConvert(double number, out T value)
    {
        value = default!;
        return false;
    }

    /// <summary>The value that stands for a missing one, if the type has such a value.</summary>
    public virtual bool TryGetMissing(out T value)
    {
        value = default!;
        return false;
    }

    /// <summary>Whether the column may have the value.</summary>
    public virtual bool IsInRange(T value) => true;

    public abstract void Write(Utf8JsonWriter writer, T value);

    public sealed override InputSlot CreateInput(ScoringInput input, TextStore texts) =>
        input.Type is VectorDataViewType vector ? new VectorInput<T>(input, this, texts, vector.Size) : new ScalarInput<T>(input, this, texts);

    public sealed override OutputSlot CreateOutput(ScoringOutput output, DataViewRow row)
    {
        DataViewSchema.Column column = row.Schema[output.Column.Index];
        return output.Type is VectorDataViewType
            ? new VectorOutput<T>(output, this, row.GetGetter<VBuffer<T>>(column))
            : new ScalarOutput<T>(output, this, row.GetGetter<T>(column));
    }
}
