using Microsoft.ML;
using Microsoft.ML.Data;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace MlNetMlp;

/// <summary>Schema shapes, which only ML.NET itself is meant to make: the columns that are promised before there is any data.</summary>
internal static class SchemaShapes
{
    public static SchemaShape.Column? Find(SchemaShape schema, string name)
    {
        foreach (SchemaShape.Column column in schema)
        {
            if (column.Name == name)
            {
                return column;
            }
        }

        return null;
    }

    /// <summary>The input with <paramref name="added"/> columns, which take the place of those with the same name.</summary>
    public static SchemaShape Extend(SchemaShape input, IReadOnlyCollection<SchemaShape.Column> added)
    {
        var names = added.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new([.. input.Where(column => !names.Contains(column.Name)), .. added]);
    }

    public static SchemaShape.Column Scalar(string name, PrimitiveDataViewType type, params SchemaShape.Column[] annotations) =>
        new(name, Kind.Scalar, type, isKey: false, new SchemaShape(annotations));

    public static SchemaShape.Column Vector(string name, DataViewType itemType, params SchemaShape.Column[] annotations) =>
        new(name, Kind.Vector, itemType, isKey: false, new SchemaShape(annotations));

    public static SchemaShape.Column Key(string name, params SchemaShape.Column[] annotations) =>
        new(name, Kind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape(annotations));

    /// <summary>The same column under another name.</summary>
    public static SchemaShape.Column Renamed(SchemaShape.Column column, string name) =>
        new(name, column.Kind, column.ItemType, column.IsKey, column.Annotations);

    /// <summary>The annotation <paramref name="kind"/> of a column if it is a vector of known size, as names of keys and slots are.</summary>
    public static SchemaShape.Column? VectorAnnotation(SchemaShape.Column column, string kind) =>
        Find(column.Annotations, kind) is { Kind: Kind.Vector } annotation ? annotation : null;
}
