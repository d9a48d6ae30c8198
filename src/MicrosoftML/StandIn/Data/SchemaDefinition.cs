namespace Microsoft.ML.Data;

/// <summary>Which members of a class are which columns.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition() { }

    public Column this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName);
        set
        {
            Check.Value(value, nameof(value));
            Check.Param(value.ColumnName == columnName, nameof(columnName), $"The column is named '{value.ColumnName}'");
            int index = FindIndex(c => c.ColumnName == columnName);
            if (index < 0)
                Add(value);
            else
                this[index] = value;
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        var definition = new SchemaDefinition();
        foreach (var member in Members(Check.Value(userType, nameof(userType)), direction))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            Check.Param(definition[name] is null, nameof(userType), $"{userType} has two members for column '{name}'");
            definition.Add(new Column(member.Name, name, ColumnTypeOf(member)));
        }

        return definition;
    }

    /// <summary>The fields and properties that are columns, fields first.</summary>
    internal static IEnumerable<MemberInfo> Members(Type type, Direction direction)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var fields = type.GetFields(Public).Where(f => !f.IsLiteral);
        var properties = type.GetProperties(Public).Where(p => p.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && p.GetMethod is { IsPublic: true })
                || (direction.HasFlag(Direction.Write) && p.SetMethod is { IsPublic: true })));
        return fields.Cast<MemberInfo>().Concat(properties).Where(m => !m.IsDefined(typeof(NoColumnAttribute)));
    }

    internal static Type MemberType(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The item type of an array or vector, and the type itself of anything else.</summary>
    internal static Type ItemType(Type type, out bool isVector)
    {
        isVector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        return !isVector ? type : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
    }

    private static DataViewType ColumnTypeOf(MemberInfo member)
    {
        var type = ItemType(MemberType(member), out bool isVector);
        var item = TypeMap.PrimitiveOrNull(type)
            ?? throw new ArgumentOutOfRangeException(nameof(member), $"Member '{member.Name}' has the type {type}, which no column can have");
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
            item = new KeyDataViewType(type, key.Count);
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        Check.Param(vector is null || isVector, nameof(member), $"Member '{member.Name}' is marked as a vector but is neither array nor VBuffer");
        return !isVector ? item : new VectorDataViewType(item, vector is { Dimensions.Length: > 0 } ? vector.Dimensions : [0]);
    }

    /// <summary>One member.</summary>
    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();

        internal Column(string memberName, string columnName, DataViewType columnType)
        {
            MemberName = memberName;
            ColumnName = columnName;
            ColumnType = columnType;
        }

        public string MemberName { get; }
        public string ColumnName { get; set; }
        public DataViewType ColumnType { get; set; }
        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
            => _annotations.Add(kind, annotationType, (ref T destination) => Generic.Copy(value, ref destination));

    }

    /// <summary>Whether members are read, written, or both.</summary>
    [Flags]
    public enum Direction { Read = 1, Write = 2, Both = Read | Write }
}
