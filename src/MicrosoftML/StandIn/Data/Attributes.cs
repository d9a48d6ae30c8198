namespace Microsoft.ML.Data;

/// <summary>Which fields of a line of text a member is read from.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class LoadColumnAttribute : Attribute
{
    public LoadColumnAttribute(int fieldIndex) => Sources = [(fieldIndex, fieldIndex)];

    public LoadColumnAttribute(int start, int end)
    {
        Check.Param(end >= start, nameof(end), "A range of columns cannot end before it starts");
        Sources = [(start, end)];
    }

    public LoadColumnAttribute(int[] columnIndexes) => Sources = [.. columnIndexes.Select(i => (i, i))];
    internal IReadOnlyList<(int First, int Last)> Sources { get; }
}

/// <summary>The column's name, where it is not the member's.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class ColumnNameAttribute : Attribute
{
    public ColumnNameAttribute(string name) => Name = name;
    internal string Name { get; }
}

/// <summary>Says that a member is not a column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class NoColumnAttribute : Attribute { }

/// <summary>Says that a member is a key, and how many values it has.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count) => Count = count;
    internal ulong Count { get; }
}

/// <summary>The size of a vector member.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute() : this([]) { }
    public VectorTypeAttribute(int size) : this([size]) { }

    public VectorTypeAttribute(params int[] dimensions)
    {
        Check.Param(dimensions.All(d => d >= 0), nameof(dimensions), "A dimension cannot be negative");
        Dimensions = dimensions;
    }

    internal int[] Dimensions { get; }
}
