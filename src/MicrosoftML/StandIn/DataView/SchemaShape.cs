namespace Microsoft.ML;

/// <summary>What is known of a schema before any data was seen.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape _empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        _columns = [.. Check.Value(columns, nameof(columns))];
        Check.Param(_columns.All(c => c.IsValid), nameof(columns), "A column is not initialized");
    }

    public int Count => _columns.Length;
    public Column this[int index] => _columns[index];
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryFindColumn(string name, out Column column)
    {
        column = _columns.FirstOrDefault(c => c.Name == Check.Value(name, nameof(name)));
        return column.IsValid;
    }

    internal static SchemaShape Create(DataViewSchema schema)
        => new(schema.Where(c => !c.IsHidden).Select(c => Shape(c.Name, c.Type, c.Annotations.Schema)));

    /// <summary>These columns, with each of the new ones in place of the one of its name or at the end.</summary>
    internal SchemaShape With(params IEnumerable<Column> added)
    {
        var columns = _columns.ToList();
        foreach (var column in added)
        {
            columns.RemoveAll(c => c.Name == column.Name);
            columns.Add(column);
        }

        return new SchemaShape(columns);
    }

    private static Column Shape(string name, DataViewType type, DataViewSchema annotations)
    {
        var item = type.ItemOrSelf();
        var kind = type is not VectorDataViewType vector ? Column.VectorKind.Scalar
            : vector.IsKnownSize ? Column.VectorKind.Vector
            : Column.VectorKind.VariableVector;
        return new Column(
            name, kind, item is KeyDataViewType ? TypeMap.Primitive(item.RawType) : item, item is KeyDataViewType,
            annotations is null ? null : new SchemaShape(annotations.Select(a => Shape(a.Name, a.Type, null))));
    }

    /// <summary>One column: its item type, whether it is a vector, and which annotations it has.</summary>
    public struct Column
    {
        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Check.NonEmpty(name, nameof(name));
            Check.Param(itemType is not (KeyDataViewType or VectorDataViewType), nameof(itemType), "An item is neither key nor vector");
            Check.Param(!isKey || KeyDataViewType.IsValidDataType(itemType.RawType), nameof(itemType), "A key is an unsigned integer");
            Name = name;
            Kind = vecKind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? _empty;
        }

        internal readonly bool IsValid => Name is not null;

        internal readonly string GetTypeString()
        {
            string item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
            return Kind switch
            {
                VectorKind.Vector => $"Vector<{item}>",
                VectorKind.VariableVector => $"VarVector<{item}>",
                _ => item,
            };
        }

        /// <summary>One value, a vector of known length, or one of unknown length.</summary>
        public enum VectorKind { Scalar, Vector, VariableVector }
    }
}
