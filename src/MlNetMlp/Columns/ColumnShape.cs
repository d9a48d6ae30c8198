using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>What a check needs to know of a column, whether it is promised (<see cref="SchemaShape"/>) or there (<see cref="DataViewSchema"/>).</summary>
internal readonly record struct ColumnShape(string Name, SchemaShape.Column.VectorKind Kind, Type ItemType, bool IsKey)
{
    public bool IsScalar => Kind == SchemaShape.Column.VectorKind.Scalar;

    public bool IsVector => Kind == SchemaShape.Column.VectorKind.Vector;

    public bool IsVectorOfUnknownSize => Kind == SchemaShape.Column.VectorKind.VariableVector;

    public bool IsText => ItemType == typeof(ReadOnlyMemory<char>);

    /// <summary>The type in ML.NET's spelling, for example <c>Vector&lt;Single&gt;</c> or <c>Key&lt;UInt32&gt;</c>.</summary>
    public string TypeName
    {
        get
        {
            string item = IsText ? "String" : ItemType.Name;
            item = IsKey ? $"Key<{item}>" : item;
            return Kind switch
            {
                SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
                SchemaShape.Column.VectorKind.VariableVector => $"Vector<{item}> of unknown size",
                _ => item,
            };
        }
    }

    public static ColumnShape Of(SchemaShape.Column column) => new(column.Name, column.Kind, column.ItemType.RawType, column.IsKey);

    public static ColumnShape Of(DataViewSchema.Column column)
    {
        var vector = column.Type as VectorDataViewType;
        DataViewType item = vector?.ItemType ?? column.Type;
        SchemaShape.Column.VectorKind kind = vector is null
            ? SchemaShape.Column.VectorKind.Scalar
            : vector.IsKnownSize ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector;
        return new(column.Name, kind, item.RawType, item is KeyDataViewType);
    }

    /// <summary>How to make another type of the column's values, for messages: most have a conversion of ML.NET.</summary>
    /// <param name="kind">Boolean or Single.</param>
    public string AdviceToConvert(DataKind kind)
    {
        bool hasNone = ItemType == typeof(DataViewRowId)
            || (kind == DataKind.Boolean && (ItemType == typeof(DateTime) || ItemType == typeof(DateTimeOffset) || ItemType == typeof(TimeSpan)));
        return hasNone
            ? $"make {kind} of it with mlContext.Transforms.CustomMapping"
            : $"append mlContext.Transforms.Conversion.ConvertType(\"{Name}\", outputKind: DataKind.{kind})";
    }

    public bool IsScalarOf(Type type) => IsScalar && !IsKey && ItemType == type;
}
