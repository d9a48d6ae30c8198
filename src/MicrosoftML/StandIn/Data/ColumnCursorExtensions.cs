namespace Microsoft.ML.Data;

/// <summary>Reads one column as a sequence.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
        => data.GetColumn<T>(Check.Column(Check.Value(data, nameof(data)).Schema, columnName, "input", nameof(columnName)));

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        var raw = column.Type.RawType;
        if (typeof(T) == raw)
            return Read<T>(data, column, value =>
            {
                // A vector's storage is used again for the next row, so the caller gets a copy.
                T own = default;
                Generic.Copy(in value, ref own);
                return own;
            });
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Read<ReadOnlyMemory<char>>(data, column, text => text).Select(text => text.ToString());
        if (typeof(T) == typeof(string[]) && column.Type is VectorDataViewType { ItemType: TextDataViewType })
            return (IEnumerable<T>)Read<VBuffer<ReadOnlyMemory<char>>>(data, column, v => v)
                .Select(v => v.DenseValues().Select(text => text.ToString()).ToArray());
        if (typeof(T).IsArray && column.Type is VectorDataViewType vector && vector.ItemType.RawType == typeof(T).GetElementType())
            return Generic.Call<IEnumerable<T>>(ReadArrays<int>, vector.ItemType.RawType, data, column);
        throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' of type {column.Type} cannot be read as {typeof(T)}");
    }

    private static IEnumerable<TItem[]> ReadArrays<TItem>(IDataView data, DataViewSchema.Column column)
        => Read<VBuffer<TItem>>(data, column, v => v).Select(v => v.DenseValues().ToArray());

    private static IEnumerable<TValue> Read<TValue>(IDataView data, DataViewSchema.Column column, Func<TValue, TValue> keep)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<TValue>(column);
        TValue value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return keep(value);
        }
    }
}
