using System.Buffers.Binary;
using System.Text;

namespace MlNetMlp.Interop;

/// <summary>What ML.NET puts around a component's main entry: a header of 256 bytes, the body, texts, the name of the assembly and a tail.</summary>
/// <remarks>
/// Layout, all numbers little-endian, as ML.NET 1.5 to 5.0 writes it:
/// <code>
/// 0x00  8  "ML MODEL" with zero for the space       0x40  8  signature of the component, "MLNETMLP"
/// 0x08  4  version of the header, from 0x00010001   0x48  4  version of the component that wrote the body
/// 0x0C  4  version that can read it                 0x4C  4  version of the component that can read it
/// 0x10  8  offset of the body, 0x100                0x50 24  loader signature
/// 0x18  8  its size                                 0x68 24  another loader signature
/// 0x20  8  offset of the table of texts, or 0       0x80  8  offset of the tail
/// 0x28  8  its size: int64 for each text, its end   0x88  8  end of everything, behind the tail's 8 bytes
/// 0x30  8  offset of their characters (UTF-16)      0x90  8  offset of the name of the assembly (UTF-16)
/// 0x38  8  their size                               0x98  4  its size
/// </code>
/// The parts stand behind each other in this order; a text in the body is its number in the table.
/// </remarks>
/// <param name="Body">The body.</param>
/// <param name="Table">Where each text ends among the characters.</param>
/// <param name="Characters">The characters of all texts.</param>
internal sealed record MLNetHeader(ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Table, ReadOnlyMemory<byte> Characters)
{
    public const int Size = 0x100;

    private const ulong Magic = 0x4C45444F4D004C4D;
    private const ulong TailMagic = 0x4D4C004D4F44454C;
    private const uint NewestLayout = 0x00010002;
    private const uint NewestVersion = 0x00010002;

    private static ReadOnlySpan<byte> Signature => "MLNETMLP"u8;

    private static ReadOnlySpan<byte> Loader => "MlNetMlpTransformer\0\0\0\0\0"u8;

    /// <summary>Whether an entry that begins so was written by MlNetMlp's transformer.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> start) =>
        start.Length >= Size && BinaryPrimitives.ReadUInt64LittleEndian(start) == Magic
        && start.Slice(0x40, Signature.Length).SequenceEqual(Signature) && start.Slice(0x50, Loader.Length).SequenceEqual(Loader);

    /// <exception cref="InvalidDataException">The entry is damaged, or was written by a later version.</exception>
    public static MLNetHeader Parse(byte[] entry)
    {
        if (!IsOurs(entry))
        {
            throw Damaged("an entry is not what its header said.");
        }

        if (UInt32(entry, 0x0C) > NewestLayout || UInt32(entry, 0x4C) > NewestVersion)
        {
            throw new InvalidDataException("The multilayer perceptron in this model file was written by a later version of MlNetMlp or ML.NET.");
        }

        Range body = Part(entry, 0x10, 0x18), table = Part(entry, 0x20, 0x28), characters = Part(entry, 0x30, 0x38);
        long tail = Int64(entry, 0x80);
        if (tail < Size || tail != entry.Length - sizeof(ulong) || Int64(entry, 0x88) != entry.Length || (ulong)Int64(entry, (int)tail) != TailMagic)
        {
            throw Damaged("an entry is cut short.");
        }

        return new MLNetHeader(entry.AsMemory(body), entry.AsMemory(table), entry.AsMemory(characters));
    }

    /// <summary>The text with a number.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string Text(int number)
    {
        if (number < 0 || number >= Table.Length / sizeof(long))
        {
            throw Damaged($"there is no text with the number {number} in it.");
        }

        long start = number == 0 ? 0 : EndOf(number - 1), end = EndOf(number);
        return start >= 0 && start <= end && end <= Characters.Length
            ? Encoding.Unicode.GetString(Characters.Span[(int)start..(int)end])
            : throw Damaged("a text in it has no valid size.");
    }

    private static Range Part(byte[] entry, int offset, int size)
    {
        long start = Int64(entry, offset), length = Int64(entry, size);
        bool isNone = start == 0 && length == 0;
        return isNone || (start >= Size && length >= 0 && start <= entry.Length && length <= entry.Length - start)
            ? (int)start..(int)(start + length)
            : throw Damaged("a part of an entry lies outside of it.");
    }

    private long EndOf(int number) => BinaryPrimitives.ReadInt64LittleEndian(Table.Span[(number * sizeof(long))..]);

    private static uint UInt32(byte[] entry, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(offset));

    private static long Int64(byte[] entry, int offset) => BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(offset));

    private static InvalidDataException Damaged(string why) => new("The model file is damaged: " + why);
}
