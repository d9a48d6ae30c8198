using System.Globalization;

namespace MlNetMlp.Interop;

/// <summary>
/// The names of a network's outputs as they are written beside it: byte for their type, int32 count, then the values. As text they read as
/// in .NET's invariant culture.
/// </summary>
internal static class OutputNameRecord
{
    /// <param name="reader">Where the names begin.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <exception cref="InvalidDataException">The names are damaged, or there is another number of them.</exception>
    public static string[] Read(BoundedReader reader, int outputs)
    {
        byte type = reader.Byte();
        int count = reader.Count(1, "names");
        string[] names = count == outputs ? new string[count] : throw reader.Damaged($"it has {count} names for {outputs} outputs.");
        for (int i = 0; i < names.Length; i++)
        {
            try
            {
                names[i] = Convert.ToString(Value(reader, type), CultureInfo.InvariantCulture)!;
            }
            catch (ArgumentException)
            {
                throw reader.Damaged("the name of an output is a time that does not exist.");
            }
        }

        return names;
    }

    private static object Value(BoundedReader reader, byte type) => type switch
    {
        1 => reader.ShortText("name of an output"),
        2 => reader.Boolean(),
        3 => (sbyte)reader.Byte(),
        4 => reader.Byte(),
        5 => reader.Int16(),
        6 => (ushort)reader.Int16(),
        7 => reader.Int32(),
        8 => (uint)reader.Int32(),
        9 => reader.Int64(),
        10 => (ulong)reader.Int64(),
        11 => reader.Single(),
        12 => reader.Double(),
        13 => DateTime.FromBinary(reader.Int64()),
        14 => new DateTimeOffset(reader.Int64(), new TimeSpan(reader.Int64())),
        15 => new TimeSpan(reader.Int64()),
        16 => RowId((ulong)reader.Int64(), (ulong)reader.Int64()),
        _ => throw reader.Damaged("the names of the outputs have an unknown type."),
    };

    private static string RowId(ulong low, ulong high) => $"{high:x16}{low:x16}";
}
