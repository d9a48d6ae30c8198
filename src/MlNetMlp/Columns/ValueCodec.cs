using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>How values of one column type are written into a model file, and by which number the type is known there.</summary>
internal abstract record ValueCodec(byte Code, PrimitiveDataViewType Type)
{
    /// <summary>Every type that a key's values can have. The codes are part of the file format: add at the end, change nothing.</summary>
    private static readonly ValueCodec[] _all =
    [
        new ValueCodec<ReadOnlyMemory<char>>(1, TextDataViewType.Instance, (w, x) => w.Write(x.ToString()), r => r.ReadString().AsMemory()),
        new ValueCodec<bool>(2, BooleanDataViewType.Instance, (w, x) => w.Write(x), r => r.ReadBoolean()),
        new ValueCodec<sbyte>(3, NumberDataViewType.SByte, (w, x) => w.Write(x), r => r.ReadSByte()),
        new ValueCodec<byte>(4, NumberDataViewType.Byte, (w, x) => w.Write(x), r => r.ReadByte()),
        new ValueCodec<short>(5, NumberDataViewType.Int16, (w, x) => w.Write(x), r => r.ReadInt16()),
        new ValueCodec<ushort>(6, NumberDataViewType.UInt16, (w, x) => w.Write(x), r => r.ReadUInt16()),
        new ValueCodec<int>(7, NumberDataViewType.Int32, (w, x) => w.Write(x), r => r.ReadInt32()),
        new ValueCodec<uint>(8, NumberDataViewType.UInt32, (w, x) => w.Write(x), r => r.ReadUInt32()),
        new ValueCodec<long>(9, NumberDataViewType.Int64, (w, x) => w.Write(x), r => r.ReadInt64()),
        new ValueCodec<ulong>(10, NumberDataViewType.UInt64, (w, x) => w.Write(x), r => r.ReadUInt64()),
        new ValueCodec<float>(11, NumberDataViewType.Single, (w, x) => w.Write(x), r => r.ReadSingle()),
        new ValueCodec<double>(12, NumberDataViewType.Double, (w, x) => w.Write(x), r => r.ReadDouble()),
        new ValueCodec<DateTime>(13, DateTimeDataViewType.Instance, (w, x) => w.Write(x.ToBinary()), r => DateTime.FromBinary(r.ReadInt64())),
        new ValueCodec<DateTimeOffset>(14, DateTimeOffsetDataViewType.Instance, WriteDateTimeOffset,
            r => new DateTimeOffset(r.ReadInt64(), new TimeSpan(r.ReadInt64()))),
        new ValueCodec<TimeSpan>(15, TimeSpanDataViewType.Instance, (w, x) => w.Write(x.Ticks), r => new TimeSpan(r.ReadInt64())),
        new ValueCodec<DataViewRowId>(16, RowIdDataViewType.Instance, WriteRowId, r => new DataViewRowId(r.ReadUInt64(), r.ReadUInt64())),
    ];

    public static ValueCodec? For(DataViewType type) => Array.Find(_all, codec => codec.Type.Equals(type));

    public static ValueCodec? For(byte code) => Array.Find(_all, codec => codec.Code == code);

    /// <summary>Reads the values of an annotation.</summary>
    public abstract LabelNames Read(DataViewSchema.Column column, string kind);

    /// <summary>Reads values that <see cref="LabelNames.Write"/> has written.</summary>
    public abstract LabelNames Read(BinaryReader reader, int count);

    private static void WriteDateTimeOffset(BinaryWriter writer, DateTimeOffset time)
    {
        writer.Write(time.Ticks);
        writer.Write(time.Offset.Ticks);
    }

    private static void WriteRowId(BinaryWriter writer, DataViewRowId id)
    {
        writer.Write(id.Low);
        writer.Write(id.High);
    }
}

/// <inheritdoc/>
internal sealed record ValueCodec<T>(byte Code, PrimitiveDataViewType Type, Action<BinaryWriter, T> WriteValue, Func<BinaryReader, T> ReadValue)
    : ValueCodec(Code, Type)
{
    public override LabelNames Read(DataViewSchema.Column column, string kind)
    {
        VBuffer<T> names = default;
        column.Annotations.GetValue(kind, ref names);
        return new LabelNames<T>(this, [.. names.DenseValues()]);
    }

    public override LabelNames Read(BinaryReader reader, int count)
    {
        // The list grows with what is really there: a damaged count cannot ask for more memory than the file has values.
        var values = new List<T>();
        for (int i = 0; i < count; i++)
        {
            values.Add(ReadValue(reader));
        }

        return new LabelNames<T>(this, [.. values]);
    }
}
