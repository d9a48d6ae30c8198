using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Interop;

namespace MlNetMlp;

/// <summary>The values of one column type in a model file: by which number the type is known there, see <see cref="OutputNameValues"/>.</summary>
internal abstract record ValueCodec(byte Code, PrimitiveDataViewType Type)
{
    /// <summary>Every type that a key's values can have. The codes are part of the file format: add at the end, change nothing.</summary>
    private static readonly ValueCodec[] _all =
    [
        new ValueCodec<ReadOnlyMemory<char>>(1, TextDataViewType.Instance, text => text.ToString(), text => ((string)text).AsMemory()),
        Same<bool>(2, BooleanDataViewType.Instance),
        Same<sbyte>(3, NumberDataViewType.SByte),
        Same<byte>(4, NumberDataViewType.Byte),
        Same<short>(5, NumberDataViewType.Int16),
        Same<ushort>(6, NumberDataViewType.UInt16),
        Same<int>(7, NumberDataViewType.Int32),
        Same<uint>(8, NumberDataViewType.UInt32),
        Same<long>(9, NumberDataViewType.Int64),
        Same<ulong>(10, NumberDataViewType.UInt64),
        Same<float>(11, NumberDataViewType.Single),
        Same<double>(12, NumberDataViewType.Double),
        Same<DateTime>(13, DateTimeDataViewType.Instance),
        Same<DateTimeOffset>(14, DateTimeOffsetDataViewType.Instance),
        Same<TimeSpan>(15, TimeSpanDataViewType.Instance),
        new ValueCodec<DataViewRowId>(16, RowIdDataViewType.Instance, id => new UInt128(id.High, id.Low), ToRowId),
    ];

    public static ValueCodec? For(DataViewType type) => Array.Find(_all, codec => codec.Type.Equals(type));

    public static ValueCodec? For(byte code) => Array.Find(_all, codec => codec.Code == code);

    /// <summary>Reads the values of an annotation.</summary>
    public abstract LabelNames Read(DataViewSchema.Column column, string kind);

    /// <summary>The names that <see cref="LabelNames.ToValues"/> has written.</summary>
    public abstract LabelNames ToNames(object[] values);

    private static ValueCodec<T> Same<T>(byte code, PrimitiveDataViewType type)
        where T : notnull => new(code, type, value => value, value => (T)value);

    private static DataViewRowId ToRowId(object value)
    {
        var id = (UInt128)value;
        return new((ulong)id, (ulong)(id >> 64));
    }
}

/// <inheritdoc/>
/// <param name="Code">The number of the type in files.</param>
/// <param name="Type">The type.</param>
/// <param name="ToFile">The value as <see cref="OutputNameValues"/> has it.</param>
/// <param name="FromFile">The other way round.</param>
internal sealed record ValueCodec<T>(byte Code, PrimitiveDataViewType Type, Func<T, object> ToFile, Func<object, T> FromFile) : ValueCodec(Code, Type)
{
    public override LabelNames Read(DataViewSchema.Column column, string kind)
    {
        VBuffer<T> names = default;
        column.Annotations.GetValue(kind, ref names);
        return new LabelNames<T>(this, [.. names.DenseValues()]);
    }

    public override LabelNames ToNames(object[] values) => new LabelNames<T>(this, Array.ConvertAll(values, value => FromFile(value)));
}
