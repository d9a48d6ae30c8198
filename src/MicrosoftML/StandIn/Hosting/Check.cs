namespace Microsoft.ML.StandIn;

/// <summary>Throws the exception types that ML.NET throws for the same mistakes.</summary>
internal static class Check
{
    public static T Value<T>(T value, string name) where T : class => value ?? throw new ArgumentNullException(name);

    public static string NonEmpty(string value, string name)
    {
        if (value is null)
            throw new ArgumentNullException(name);
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentOutOfRangeException(name, $"'{name}' must not be empty");
        return value;
    }

    public static void Param(bool condition, string name, string message)
    {
        if (!condition)
            throw new ArgumentOutOfRangeException(name, message);
    }

    public static void That(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }

    public static void Decode(bool condition, string message)
    {
        if (!condition)
            throw new FormatException(message);
    }

    public static ArgumentOutOfRangeException MissingColumn(string role, string column, string parameter = "inputSchema")
        => new(parameter, $"There is no column '{column}' to use as the {role} column");

    public static ArgumentOutOfRangeException WrongType(
        string role, string column, string expected, string actual, string parameter = "inputSchema")
        => new(parameter, $"The {role} column '{column}' has the type {actual}, expected is {expected}");

    /// <summary>The column of that name, or the exception for a missing input column.</summary>
    public static DataViewSchema.Column Column(DataViewSchema schema, string name, string role = "input", string parameter = "inputSchema")
        => schema.GetColumnOrNull(name) ?? throw MissingColumn(role, name, parameter);

    public static SchemaShape.Column Column(SchemaShape schema, string name, string role = "input")
        => schema.TryFindColumn(name, out var column) ? column : throw MissingColumn(role, name);

    /// <summary>Casts a stored getter to the type a caller asked for.</summary>
    public static ValueGetter<TValue> Getter<TValue>(Delegate getter, DataViewSchema.Column column)
        => getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"The values of column '{column.Name}' are {column.Type.RawType}, they cannot be read as {typeof(TValue)}");

    public static void Active(bool active, DataViewSchema.Column column)
        => Param(active, nameof(column), $"Column '{column.Name}' was not among the columns asked for");
}
