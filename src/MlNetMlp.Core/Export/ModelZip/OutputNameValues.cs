using System.Globalization;

namespace MlNetMlp.Interop;

/// <summary>The names of a network's outputs as ML.NET has them: values of one of its types.</summary>
/// <remarks>In a file: byte type, int32 count, then the values, laid out as the table below says; text as <see cref="BinaryWriter"/> writes it.</remarks>
/// <param name="Type">The number of the type in files.</param>
/// <param name="Values">The values, boxed; identifiers of rows as <see cref="UInt128"/>.</param>
internal sealed record OutputNameValues(byte Type, object[] Values)
{
    /// <summary>Every type that the values of a key can have. A number, once given, is never reused.</summary>
    private static readonly (byte Type, Action<BinaryWriter, object> Write, Func<BoundedReader, object> Read)[] _types =
    [
        (1, (w, x) => w.Write((string)x), r => r.ShortText("name of an output")),
        (2, (w, x) => w.Write((bool)x), r => r.Boolean()),
        (3, (w, x) => w.Write((sbyte)x), r => (sbyte)r.Byte()),
        (4, (w, x) => w.Write((byte)x), r => r.Byte()),
        (5, (w, x) => w.Write((short)x), r => r.Int16()),
        (6, (w, x) => w.Write((ushort)x), r => (ushort)r.Int16()),
        (7, (w, x) => w.Write((int)x), r => r.Int32()),
        (8, (w, x) => w.Write((uint)x), r => (uint)r.Int32()),
        (9, (w, x) => w.Write((long)x), r => r.Int64()),
        (10, (w, x) => w.Write((ulong)x), r => (ulong)r.Int64()),
        (11, (w, x) => w.Write((float)x), r => r.Single()),
        (12, (w, x) => w.Write((double)x), r => r.Double()),
        (13, (w, x) => w.Write(((DateTime)x).ToBinary()), r => DateTime.FromBinary(r.Int64())),
        (14, (w, x) => WritePair(w, ((DateTimeOffset)x).Ticks, ((DateTimeOffset)x).Offset.Ticks), r => new DateTimeOffset(r.Int64(), new TimeSpan(r.Int64()))),
        (15, (w, x) => w.Write(((TimeSpan)x).Ticks), r => new TimeSpan(r.Int64())),
        (16, (w, x) => WritePair(w, (long)(ulong)(UInt128)x, (long)(ulong)((UInt128)x >> 64)), r => ReadRowId(r)),
    ];

    /// <summary>The names as text, in the invariant culture.</summary>
    public string[] ToTexts() => Array.ConvertAll(Values, value => value is UInt128 id
        ? id.ToString("x32", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

    public void Write(BinaryWriter writer)
    {
        writer.Write(Type);
        writer.Write(Values.Length);
        Action<BinaryWriter, object> write = Array.Find(_types, type => type.Type == Type).Write;
        foreach (object value in Values)
        {
            write(writer, value);
        }
    }

    /// <param name="reader">Where the names begin.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <exception cref="InvalidDataException">The names are damaged, or there is another number of them.</exception>
    public static OutputNameValues Read(BoundedReader reader, int outputs)
    {
        byte type = reader.Byte();
        int count = reader.Count(1, "names");
        object[] values = count == outputs ? new object[count] : throw reader.Damaged($"it has {count} names for {outputs} outputs.");
        Func<BoundedReader, object> read = Array.Find(_types, known => known.Type == type).Read
            ?? throw reader.Damaged("the names of the outputs have an unknown type.");
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = read(reader);
            }
        }
        catch (ArgumentException)
        {
            throw reader.Damaged("the name of an output is a time that does not exist.");
        }

        return new OutputNameValues(type, values);
    }

    private static void WritePair(BinaryWriter writer, long first, long second)
    {
        writer.Write(first);
        writer.Write(second);
    }

    private static UInt128 ReadRowId(BoundedReader reader)
    {
        ulong low = (ulong)reader.Int64(), high = (ulong)reader.Int64();
        return new UInt128(high, low);
    }
}
