namespace Microsoft.ML.StandIn;

/// <summary>Writes and reads a schema: each column's name, type and annotations.</summary>
internal static class SchemaFormat
{
    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(schema.Count);
        foreach (var column in schema)
        {
            writer.Write(column.Name);
            writer.WriteType(column.Type);
            writer.Write(column.Annotations.Schema.Count);
            foreach (var annotation in column.Annotations.Schema)
            {
                writer.Write(annotation.Name);
                writer.WriteType(annotation.Type);
                Generic.Call<object>(
                    annotation.Type.IsVector() ? WriteVector<int> : WriteValue<int>, annotation.Type.ItemOrSelf().RawType, writer, column, annotation);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        for (int columns = reader.ReadInt32(); columns > 0; columns--)
        {
            string name = reader.ReadString();
            var type = reader.ReadType();
            var annotations = new DataViewSchema.Annotations.Builder();
            for (int count = reader.ReadInt32(); count > 0; count--)
            {
                string kind = reader.ReadString();
                var kindType = reader.ReadType();
                Generic.Call<object>(
                    kindType.IsVector() ? ReadVector<int> : ReadValue<int>, kindType.ItemOrSelf().RawType, reader, annotations, kind, kindType);
            }

            builder.AddColumn(name, type, annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }

    private static void WriteValue<TValue>(BinaryWriter writer, DataViewSchema.Column column, DataViewSchema.Column annotation)
    {
        TValue value = default;
        column.Annotations.GetGetter<TValue>(annotation)(ref value);
        writer.WriteValue(value);
    }

    private static void WriteVector<TItem>(BinaryWriter writer, DataViewSchema.Column column, DataViewSchema.Column annotation)
    {
        VBuffer<TItem> values = default;
        column.Annotations.GetGetter<VBuffer<TItem>>(annotation)(ref values);
        writer.Write(values.Length);
        foreach (var value in values.DenseValues())
            writer.WriteValue(value);
    }

    private static void ReadValue<TValue>(BinaryReader reader, DataViewSchema.Annotations.Builder builder, string kind, DataViewType type)
        => builder.AddPrimitiveValue(kind, (PrimitiveDataViewType)type, reader.ReadValue<TValue>());

    private static void ReadVector<TItem>(BinaryReader reader, DataViewSchema.Annotations.Builder builder, string kind, DataViewType type)
    {
        var values = new TItem[reader.ReadInt32()];
        for (int i = 0; i < values.Length; i++)
            values[i] = reader.ReadValue<TItem>();
        builder.Add(kind, type, (ref VBuffer<TItem> destination) => VBuffer<TItem>.Copy(values, 0, ref destination, values.Length));
    }
}
