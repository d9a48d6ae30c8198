using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>A column of rows that are sent: a Boolean, a Single, a key or a vector of Single, with the annotations that a training run looks at.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Size">The number of slots of a vector, or of values of a key; else 0.</param>
/// <param name="SlotNames">The names of the slots; empty: they have none.</param>
/// <param name="SlotRanges">The first and the last slot of each group of indicators, as ML.NET writes them; empty: there are none.</param>
internal sealed record TableColumn(string Name, TableColumnKind Kind, ulong Size, string[] SlotNames, int[] SlotRanges)
{
    private const string CategoricalSlotRanges = "CategoricalSlotRanges";

    /// <exception cref="NotSupportedException">The column has values of another type.</exception>
    public static TableColumn Of(DataViewSchema.Column column) => column.Type switch
    {
        BooleanDataViewType => Scalar(column, TableColumnKind.Boolean, 0),
        KeyDataViewType key when key.RawType == typeof(uint) => Scalar(column, TableColumnKind.Key, key.Count),
        NumberDataViewType number when number.RawType == typeof(float) => Scalar(column, TableColumnKind.Single, 0),
        VectorDataViewType { IsKnownSize: true } vector when vector.ItemType.RawType == typeof(float) => new TableColumn(
            column.Name, TableColumnKind.Vector, (ulong)vector.Size, ReadSlotNames(column, vector.Size), ReadSlotRanges(column)),
        _ => throw new NotSupportedException(
            $"The column '{column.Name}' is {column.Type}; only Boolean, Single, Key<UInt32> and Vector<Single> of known size can be sent to another process."),
    };

    public static TableColumn Read(BoundedReader reader)
    {
        string name = reader.Text("name of a column");
        var kind = (TableColumnKind)reader.Byte();
        ulong size = (ulong)reader.Int64();
        if (!Enum.IsDefined(kind) || (kind == TableColumnKind.Vector && size is 0 or > int.MaxValue) || (kind == TableColumnKind.Key && size == 0))
        {
            throw reader.Damaged($"the column '{name}' has no type.");
        }

        string[] slotNames = new string[reader.Count(sizeof(int), "names of slots")];
        for (int i = 0; i < slotNames.Length; i++)
        {
            slotNames[i] = reader.Text("name of a slot");
        }

        int[] slotRanges = new int[reader.Count(sizeof(int), "ends of groups")];
        for (int i = 0; i < slotRanges.Length; i++)
        {
            slotRanges[i] = reader.Int32();
        }

        return new TableColumn(name, kind, size, slotNames, slotRanges);
    }

    public void Write(BinaryWriter writer)
    {
        Envelope.Write(writer, Name);
        writer.Write((byte)Kind);
        writer.Write(Size);
        writer.Write(SlotNames.Length);
        Array.ForEach(SlotNames, name => Envelope.Write(writer, name));
        writer.Write(SlotRanges.Length);
        Array.ForEach(SlotRanges, writer.Write);
    }

    public void AddTo(DataViewSchema.Builder builder)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (SlotNames.Length > 0)
        {
            annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
                AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, SlotNames.Length), Copy);
        }

        if (SlotRanges.Length > 0)
        {
            annotations.Add<VBuffer<int>>(CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, SlotRanges.Length / 2, 2), Copy);
        }

        builder.AddColumn(Name, Type(), annotations.ToAnnotations());
    }

    private DataViewType Type() => Kind switch
    {
        TableColumnKind.Boolean => BooleanDataViewType.Instance,
        TableColumnKind.Single => NumberDataViewType.Single,
        TableColumnKind.Key => new KeyDataViewType(typeof(uint), Size),
        _ => new VectorDataViewType(NumberDataViewType.Single, (int)Size),
    };

    private void Copy(ref VBuffer<ReadOnlyMemory<char>> names) => names = new(SlotNames.Length, Array.ConvertAll(SlotNames, name => name.AsMemory()));

    private void Copy(ref VBuffer<int> ranges) => ranges = new(SlotRanges.Length, (int[])SlotRanges.Clone());

    private static TableColumn Scalar(DataViewSchema.Column column, TableColumnKind kind, ulong size) => new(column.Name, kind, size, [], []);

    private static string[] ReadSlotNames(DataViewSchema.Column column, int size) =>
        LabelNames.Find(column, AnnotationKinds.SlotNames, size) is { AreTexts: true } names ? [.. names.Texts] : [];

    private static int[] ReadSlotRanges(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(CategoricalSlotRanges)?.Type is not VectorDataViewType type || type.ItemType.RawType != typeof(int))
        {
            return [];
        }

        VBuffer<int> ranges = default;
        column.Annotations.GetValue(CategoricalSlotRanges, ref ranges);
        return [.. ranges.DenseValues()];
    }
}
