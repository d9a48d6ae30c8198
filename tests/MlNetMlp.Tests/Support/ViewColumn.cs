using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>A column of a <see cref="RowsView"/>.</summary>
public abstract record ViewColumn(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations)
{
    public abstract Delegate CreateGetter(Func<int> row);

    public static ViewColumn Of<T>(string name, DataViewType type, Func<int, T> value, DataViewSchema.Annotations? annotations = null) =>
        new Values<T>(name, type, value, annotations);

    public static ViewColumn Number(string name, Func<int, float> value) => Of(name, NumberDataViewType.Single, value);

    public static ViewColumn Boolean(string name, Func<int, bool> value) => Of(name, BooleanDataViewType.Instance, value);

    public static ViewColumn Text(string name, Func<int, string> value) => Of(name, TextDataViewType.Instance, row => value(row).AsMemory());

    /// <summary>A key with names for its values, or without if none are given; 0 is a missing value.</summary>
    public static ViewColumn Key(string name, int count, Func<int, uint> value, params string[] names) =>
        Of(name, new KeyDataViewType(typeof(uint), count), value, names.Length == 0 ? null : Names("KeyValues", names));

    /// <summary>A dense vector, with slot names if any are given.</summary>
    public static ViewColumn Vector(string name, int size, Func<int, float[]> value, params string[] slotNames) => new Vectors<float>(
        name, new VectorDataViewType(NumberDataViewType.Single, size), row => (value(row), null), slotNames.Length == 0 ? null : Names("SlotNames", slotNames));

    /// <summary>The same vectors with their zeros left out.</summary>
    public static ViewColumn Sparse(string name, int size, Func<int, float[]> value) => new Vectors<float>(
        name,
        new VectorDataViewType(NumberDataViewType.Single, size),
        row =>
        {
            float[] x = value(row);
            int[] filled = [.. Enumerable.Range(0, size).Where(i => x[i] != 0)];
            return ([.. filled.Select(i => x[i])], filled.Length < size ? filled : null);
        },
        null);

    /// <summary>Sparse vectors as they are given: those slots, whatever their values.</summary>
    public static ViewColumn Sparse(string name, int size, Func<int, (float[] Values, int[] Slots)> value) =>
        new Vectors<float>(name, new VectorDataViewType(NumberDataViewType.Single, size), row => value(row), null);

    public static DataViewSchema.Annotations Names(string kind, params string[] names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add<VBuffer<ReadOnlyMemory<char>>>(
            kind,
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(x => x.AsMemory())]));
        return builder.ToAnnotations();
    }

    /// <summary>The column with the annotation that names the first and the last slot of every category.</summary>
    public ViewColumn WithCategories(params int[] ends)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add<VBuffer<int>>("CategoricalSlotRanges", new VectorDataViewType(NumberDataViewType.Int32, ends.Length),
            (ref VBuffer<int> value) => value = new VBuffer<int>(ends.Length, ends));
        return this with { Annotations = builder.ToAnnotations() };
    }

    private sealed record Values<T>(string Name, DataViewType Type, Func<int, T> Value, DataViewSchema.Annotations? Annotations)
        : ViewColumn(Name, Type, Annotations)
    {
        public override Delegate CreateGetter(Func<int> row) => (ValueGetter<T>)((ref T value) => value = Value(row()));
    }

    /// <summary>Vectors, written into the caller's buffer as getters of ML.NET do; a slot that is overwritten too early is seen at once.</summary>
    private sealed record Vectors<T>(string Name, DataViewType Type, Func<int, (T[] Values, int[]? Indices)> Value, DataViewSchema.Annotations? Annotations)
        : ViewColumn(Name, Type, Annotations)
    {
        public override Delegate CreateGetter(Func<int> row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> vector) =>
        {
            (T[] values, int[]? indices) = Value(row());
            int length = indices is null ? values.Length : ((VectorDataViewType)Type).Size;
            VBufferEditor<T> editor = VBufferEditor.Create(ref vector, length, values.Length);
            values.CopyTo(editor.Values);
            indices?.CopyTo(editor.Indices);
            vector = editor.Commit();
        });
    }
}
