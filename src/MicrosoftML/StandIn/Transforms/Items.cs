namespace Microsoft.ML.StandIn;

/// <summary>Reads and maps the items of a column, whether it holds single values or vectors.</summary>
internal static class Items
{
    /// <summary>The column's values as vectors; a single value is a vector of one.</summary>
    public static ValueGetter<VBuffer<TItem>> Vectors<TItem>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.IsVector())
            return row.GetGetter<VBuffer<TItem>>(column);
        var get = row.GetGetter<TItem>(column);
        return (ref VBuffer<TItem> value) =>
        {
            var editor = VBufferEditor.Create(ref value, 1);
            get(ref editor.Values[0]);
            value = editor.Commit();
        };
    }

    /// <summary>A getter of the column's own shape, with each item mapped; sparse stays sparse if the default maps to the default.</summary>
    public static Delegate Map<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> map)
    {
        var get = Vectors<TIn>(row, column);
        VBuffer<TIn> source = default;
        if (!column.Type.IsVector())
        {
            return (ValueGetter<TOut>)((ref TOut value) =>
            {
                get(ref source);
                value = map(source.GetValues()[0]);
            });
        }

        bool densify = !EqualityComparer<TOut>.Default.Equals(map(default), default);
        return (ValueGetter<VBuffer<TOut>>)((ref VBuffer<TOut> value) =>
        {
            get(ref source);
            if (densify)
                source.CopyToDense(ref source);
            var editor = VBufferEditor.Create(ref value, source.Length, source.GetValues().Length);
            for (int i = 0; i < editor.Values.Length; i++)
                editor.Values[i] = map(source.GetValues()[i]);
            source.GetIndices().CopyTo(editor.Indices);
            value = editor.Commit();
        });
    }

    /// <summary>The value of a numeric or key column as a double.</summary>
    public static Func<double> Number(DataViewRow row, DataViewSchema.Column column)
        => Generic.Call<Func<double>>(Number<int>, column.Type.RawType, row, column);

    private static Func<double> Number<TValue>(DataViewRow row, DataViewSchema.Column column)
        where TValue : struct, System.Numerics.INumber<TValue>
    {
        var get = row.GetGetter<TValue>(column);
        TValue value = default;
        return () =>
        {
            get(ref value);
            return double.CreateChecked(value);
        };
    }
}
