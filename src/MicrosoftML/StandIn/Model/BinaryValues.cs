namespace Microsoft.ML.StandIn;

/// <summary>Writes and reads column types and values.</summary>
internal static class BinaryValues
{
    private static readonly PrimitiveDataViewType[] _types =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
    ];

    public static void WriteType(this BinaryWriter writer, DataViewType type)
    {
        var vector = type as VectorDataViewType;
        var key = type.ItemOrSelf() as KeyDataViewType;
        int code = Array.FindIndex(_types, t => t.RawType == type.ItemOrSelf().RawType);
        Check.That(code >= 0, $"Values of type {type} cannot be saved");
        writer.Write((byte)code);
        writer.Write(key?.Count ?? 0);
        writer.Write(vector?.Dimensions.Length ?? 0);
        foreach (int dimension in vector?.Dimensions ?? [])
            writer.Write(dimension);
    }

    public static DataViewType ReadType(this BinaryReader reader)
    {
        int code = reader.ReadByte();
        Check.Decode(code < _types.Length, $"There is no type {code}");
        ulong keys = reader.ReadUInt64();
        var item = keys > 0 ? new KeyDataViewType(_types[code].RawType, keys) : _types[code];
        int[] dimensions = new int[reader.ReadInt32()];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        return dimensions.Length > 0 ? new VectorDataViewType(item, dimensions) : item;
    }

    public static void WriteValue<TValue>(this BinaryWriter writer, TValue value)
    {
        switch (value)
        {
            case ReadOnlyMemory<char> x: writer.Write(x.ToString()); break;
            case float x: writer.Write(x); break;
            case double x: writer.Write(x); break;
            case bool x: writer.Write(x); break;
            case ulong x: writer.Write(x); break;
            default: writer.Write(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
        }
    }

    public static TValue ReadValue<TValue>(this BinaryReader reader)
    {
        var type = typeof(TValue);
        object value = type == typeof(ReadOnlyMemory<char>) ? reader.ReadString().AsMemory()
            : type == typeof(float) ? reader.ReadSingle()
            : type == typeof(double) ? reader.ReadDouble()
            : type == typeof(bool) ? reader.ReadBoolean()
            : type == typeof(ulong) ? reader.ReadUInt64()
            : Convert.ChangeType(reader.ReadInt64(), type, CultureInfo.InvariantCulture);
        return (TValue)value;
    }
}
