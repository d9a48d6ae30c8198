using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>The values of one column for the rows of a block.</summary>
internal abstract class ColumnBuffer
{
    private static readonly MethodInfo _createValues = Method(nameof(CreateValues));
    private static readonly MethodInfo _createVectors = Method(nameof(CreateVectors));
    private static readonly MethodInfo _hasReferences = typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!;

    /// <summary>True for values that stay what they are when their cursor moves on: numbers, keys, times, texts, and vectors of these.</summary>
    public static bool CanKeep(DataViewType type)
    {
        Type item = (type as VectorDataViewType)?.ItemType.RawType ?? type.RawType;
        return item == typeof(ReadOnlyMemory<char>) || !(bool)_hasReferences.MakeGenericMethod(item).Invoke(null, null)!;
    }

    /// <param name="row">The cursor that the values are read from.</param>
    /// <param name="column">The column.</param>
    /// <param name="capacity">The number of rows of a block.</param>
    public static ColumnBuffer Create(DataViewRow row, DataViewSchema.Column column, int capacity)
    {
        MethodInfo create = column.Type is VectorDataViewType vector
            ? _createVectors.MakeGenericMethod(vector.ItemType.RawType)
            : _createValues.MakeGenericMethod(column.Type.RawType);
        return (ColumnBuffer)create.Invoke(null, [row, column, capacity])!;
    }

    /// <summary>Keeps the value of the row that the cursor stands on.</summary>
    public abstract void Keep(int slot);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the value in the slot that <paramref name="current"/> gives.</summary>
    public abstract Delegate CreateGetter(Func<int> current);

    private static ColumnBuffer<T> CreateValues<T>(DataViewRow row, DataViewSchema.Column column, int capacity) =>
        new(row.GetGetter<T>(column), capacity, (in T source, ref T destination) => destination = source);

    private static ColumnBuffer<VBuffer<T>> CreateVectors<T>(DataViewRow row, DataViewSchema.Column column, int capacity) =>
        new(row.GetGetter<VBuffer<T>>(column), capacity, (in VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination));

    private static MethodInfo Method(string name) => typeof(ColumnBuffer).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}

/// <summary>Copies a value so that neither side sees later changes of the other.</summary>
internal delegate void ValueCopy<T>(in T source, ref T destination);

/// <inheritdoc/>
internal sealed class ColumnBuffer<T>(ValueGetter<T> source, int capacity, ValueCopy<T> copy) : ColumnBuffer
{
    private readonly T[] _values = new T[capacity];

    public ref readonly T this[int slot] => ref _values[slot];

    public override void Keep(int slot) => source(ref _values[slot]);

    public override Delegate CreateGetter(Func<int> current) => (ValueGetter<T>)((ref T value) => copy(in _values[current()], ref value));
}
