namespace Microsoft.ML.StandIn;

/// <summary>Between .NET types, column types and kinds of data.</summary>
internal static class TypeMap
{
    private static readonly PrimitiveDataViewType[] _primitives =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        RowIdDataViewType.Instance,
    ];

    /// <summary>The column type of a .NET type, or null.</summary>
    public static PrimitiveDataViewType PrimitiveOrNull(Type type)
        => type == typeof(string) ? TextDataViewType.Instance : _primitives.FirstOrDefault(p => p.RawType == type);

    public static PrimitiveDataViewType Primitive(Type type)
        => PrimitiveOrNull(type) ?? throw new ArgumentOutOfRangeException(nameof(type), $"There is no column type for {type}");

    public static DataViewType ItemOrSelf(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>The same shape with other items.</summary>
    public static DataViewType WithItem(this DataViewType type, PrimitiveDataViewType item)
        => type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;

    public static int ValueCount(this DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;
    public static bool IsVector(this DataViewType type) => type is VectorDataViewType;
}
