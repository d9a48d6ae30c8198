using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MlNetMlp.TestSupport;

/// <summary>A file of sections, taken apart and put together by the layout that is documented, without the code that is tested.</summary>
internal sealed class SectionedFile
{
    private const int HeaderLength = 20, HashLength = 32;

    private readonly byte[] _start;

    public SectionedFile(byte[] file)
    {
        _start = file[..12];
        ReadOnlySpan<byte> rest = file.AsSpan(HeaderLength, file.Length - HeaderLength - HashLength);
        Assert.Equal(rest.Length, BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(12)));
        while (!rest.IsEmpty)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(rest[12..]);
            Sections.Add((Encoding.ASCII.GetString(rest[..8]).TrimEnd('\0'), BinaryPrimitives.ReadInt32LittleEndian(rest[8..]),
                rest.Slice(HeaderLength, length).ToArray()));
            rest = rest[(HeaderLength + length)..];
        }
    }

    public List<(string Id, int Mark, byte[] Content)> Sections { get; } = [];

    /// <summary>The content of the only section of that name.</summary>
    public byte[] this[string id]
    {
        get => Sections.Single(section => section.Id == id).Content;
        set => Sections[Sections.FindIndex(section => section.Id == id)] = (id, 1, value);
    }

    /// <summary>The file, with a checksum that is right.</summary>
    public byte[] ToBytes()
    {
        byte[] body = [.. Sections.SelectMany(section => (byte[])[.. Encoding.Latin1.GetBytes(section.Id.PadRight(8, '\0')),
            .. BitConverter.GetBytes(section.Mark), .. BitConverter.GetBytes((long)section.Content.Length), .. section.Content])];
        byte[] file = [.. _start, .. BitConverter.GetBytes((long)body.Length), .. body];
        return [.. file, .. SHA256.HashData(file)];
    }
}
