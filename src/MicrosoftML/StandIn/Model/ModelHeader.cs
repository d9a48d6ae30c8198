using System.Buffers.Binary;

namespace Microsoft.ML;

/// <summary>What stands around a component's main entry, as in ML.NET: 256 bytes in front, then the body, the texts, the assembly's name and a tail.</summary>
/// <remarks>
/// <code>
/// 0x00 "ML MODEL" with zero for the space, 0x08 and 0x0C versions of this layout, 0x10 offset and 0x18 size of the body, 0x20 and 0x28 of the table of
/// texts (int64 each: where a text ends), 0x30 and 0x38 of their characters (UTF-16), 0x40 signature of the component, 0x48 and 0x4C its versions, 0x50
/// loader signature (24 characters), 0x68 another one, 0x80 offset of the tail, 0x88 end, 0x90 offset of the assembly's name (UTF-16), 0x98 its size (int32)
/// </code>
/// </remarks>
internal sealed record ModelHeader(ulong Signature, uint Written, uint Readable, string Loader, string Assembly, byte[] Body, string[] Texts)
{
    public const ulong Magic = 0x4C45_444F_4D00_4C4D;
    private const ulong TailMagic = 0x4D4C_004D_4F44_454C;
    private const uint Layout = 0x00010002;
    private const int Size = 256;
    private const int LoaderSize = 24;

    public byte[] ToBytes()
    {
        byte[] table = [.. Texts.Select((_, i) => (long)Texts.Take(i + 1).Sum(text => text.Length * sizeof(char))).SelectMany(BitConverter.GetBytes)];
        byte[] characters = Encoding.Unicode.GetBytes(string.Concat(Texts)), assembly = Encoding.Unicode.GetBytes(Assembly);
        long tableAt = Size + Body.Length, charactersAt = tableAt + table.Length, assemblyAt = charactersAt + characters.Length, tailAt = assemblyAt + assembly.Length;
        byte[] header = new byte[Size];
        Put(0x00, Magic);
        Put(0x08, Layout | (ulong)Layout << 32);
        Put(0x10, Size);
        Put(0x18, (ulong)Body.Length);
        if (Texts.Length > 0)
        {
            Put(0x20, (ulong)tableAt);
            Put(0x28, (ulong)table.Length);
            Put(0x30, (ulong)charactersAt);
            Put(0x38, (ulong)characters.Length);
        }

        Put(0x40, Signature);
        Put(0x48, Written | (ulong)Readable << 32);
        Encoding.Latin1.GetBytes(Loader, header.AsSpan(0x50, LoaderSize));
        Put(0x80, (ulong)tailAt);
        Put(0x88, (ulong)tailAt + sizeof(ulong));
        Put(0x90, assembly.Length > 0 ? (ulong)assemblyAt : 0);
        Put(0x98, (ulong)assembly.Length);
        return [.. header, .. Body, .. table, .. characters, .. assembly, .. BitConverter.GetBytes(TailMagic)];

        void Put(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(offset), value);
    }

    public static ModelHeader Parse(byte[] bytes)
    {
        Check.Decode(bytes.Length > Size && BitConverter.ToUInt64(bytes) == Magic, "This is not a component's entry");
        byte[] table = Part(0x20, 0x28);
        string characters = Encoding.Unicode.GetString(Part(0x30, 0x38));
        string[] texts = new string[table.Length / sizeof(long)];
        for (int i = 0, start = 0; i < texts.Length; i++)
        {
            long end = BitConverter.ToInt64(table, i * sizeof(long)) / sizeof(char);
            Check.Decode(end >= start && end <= characters.Length, "The texts of a component's entry are damaged");
            texts[i] = characters[start..(int)end];
            start = (int)end;
        }

        long tail = BitConverter.ToInt64(bytes, 0x80);
        Check.Decode(tail == bytes.Length - sizeof(ulong) && BitConverter.ToUInt64(bytes, (int)tail) == TailMagic, "A component's entry is cut short");
        return new(
            BitConverter.ToUInt64(bytes, 0x40), BitConverter.ToUInt32(bytes, 0x48), BitConverter.ToUInt32(bytes, 0x4C),
            Encoding.Latin1.GetString(bytes, 0x50, LoaderSize).TrimEnd('\0'), Encoding.Unicode.GetString(Part(0x90, 0x98)), Part(0x10, 0x18), texts);

        byte[] Part(int offset, int size)
        {
            long start = BitConverter.ToInt64(bytes, offset), length = BitConverter.ToInt64(bytes, size);
            Check.Decode(start >= 0 && length >= 0 && start <= bytes.Length && length <= bytes.Length - start, "A component's entry is damaged");
            return bytes.AsSpan((int)start, (int)length).ToArray();
        }
    }
}
