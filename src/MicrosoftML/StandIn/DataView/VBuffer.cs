namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, in storage that the next row may use again.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;
    public readonly int Length;
    public VBuffer(int length, T[] values, int[] indices = null) : this(length, length, values, indices) { }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Check.Param(length >= 0, nameof(length), "A vector cannot have a negative length");
        Check.Param(count >= 0 && count <= length, nameof(count), "There cannot be more values than the vector is long");
        Check.Param((values?.Length ?? 0) >= count, nameof(values), "There are fewer values than counted");
        Check.Param(count == length || (indices?.Length ?? 0) >= count, nameof(indices), "There are fewer indices than values");
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Check.Param(sourceIndex >= 0 && sourceIndex <= Length, nameof(sourceIndex), "The part starts outside of the vector");
        Check.Param(length >= 0 && length <= Length - sourceIndex, nameof(length), "The part ends outside of the vector");
        int first = IsDense ? sourceIndex : Lowest(sourceIndex);
        int count = IsDense ? length : Lowest(sourceIndex + length) - first;
        var editor = VBufferEditor.Create(ref destination, length, count);
        _values.AsSpan(first, count).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default(T))
    {
        Check.Param(
            destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination), "There is too little room");
        var part = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(part);
            return;
        }

        part.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
            part[_indices[i]] = _values[i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var buffer = this;
        return all || IsDense
            ? Enumerable.Range(0, Length).Select(i => KeyValuePair.Create(i, buffer.GetItemOrDefault(i)))
            : Enumerable.Range(0, _count).Select(i => KeyValuePair.Create(buffer._indices[i], buffer._values[i]));
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);
    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        Check.Param(index >= 0 && index < Length, nameof(index), "The index is outside of the vector");
        int at = IsDense ? index : GetIndices().BinarySearch(index);
        return at >= 0 ? _values[at] : default;
    }

    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    internal VBufferEditor<T> Edit(int length, int count, int maxCapacity, bool keepOld, bool indicesOnDense)
    {
        Check.Param(length >= 0, "newLogicalLength", "A vector cannot have a negative length");
        Check.Param(count >= 0 && count <= length, "valuesCount", "There cannot be more values than the vector is long");
        var values = Room(_values, count, maxCapacity, keepOld);
        var indices = count == length && !indicesOnDense ? _indices : Room(_indices, count, maxCapacity, keepOld);
        return new VBufferEditor<T>(length, count, values, indices, indicesOnDense, values != _values, indices != _indices);
    }

    internal VBufferEditor<T> Edit() => new(Length, _count, _values, _indices, false, false, false);

    private static TItem[] Room<TItem>(TItem[] old, int count, int maxCapacity, bool keepOld)
    {
        if ((old?.Length ?? 0) >= count)
            return old;
        var room = new TItem[keepOld ? Math.Max(count, Math.Min(2 * count, maxCapacity)) : count];
        if (keepOld)
            old?.CopyTo(room, 0);
        return room;
    }

    private int Lowest(int slot)
    {
        int at = GetIndices().BinarySearch(slot);
        return at < 0 ? ~at : at;
    }
}

/// <summary>Makes editors of vectors.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination) => destination.Edit();

    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null, int? maxValuesCapacity = null,
        bool keepOldOnResize = false, bool requireIndicesOnDense = false)
        => destination.Edit(
            newLogicalLength, valuesCount ?? newLogicalLength, maxValuesCapacity ?? Array.MaxLength, keepOldOnResize, requireIndicesOnDense);
}

/// <summary>The open storage of a vector, until it is committed.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;
    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    internal VBufferEditor(
        int length, int count, T[] values, int[] indices, bool indicesOnDense, bool createdNewValues, bool createdNewIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count < length || indicesOnDense ? indices.AsSpan(0, count) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public bool CreatedNewValues { get; }
    public bool CreatedNewIndices { get; }
    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        Check.Param(physicalValuesCount <= Values.Length, nameof(physicalValuesCount), "A vector cannot be committed longer than it was created");
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
