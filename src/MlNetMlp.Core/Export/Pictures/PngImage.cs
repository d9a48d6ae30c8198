using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlNetMlp;

/// <summary>A picture of pixels, as a file in the format PNG (ISO 15948): 8 bits of red, green and blue, without filters.</summary>
/// <param name="width">Pixels of a row.</param>
/// <param name="height">Rows.</param>
internal sealed class PngImage(int width, int height)
{
    private const int Channels = 3;

    private readonly byte[] _pixels = new byte[checked(width * height * Channels)];

    public void Set(int x, int y, (byte Red, byte Green, byte Blue) color)
    {
        int place = (y * width + x) * Channels;
        (_pixels[place], _pixels[place + 1], _pixels[place + 2]) = color;
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);

        // Bits of a channel, color type, and the only methods of compression and filtering that there are; not interlaced.
        (header[8], header[9]) = (8, 2);
        Write(file, "IHDR", header);
        Write(file, "IDAT", Compressed());
        Write(file, "IEND", []);
        return file.ToArray();
    }

    private byte[] Compressed()
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.SmallestSize))
        {
            for (int y = 0; y < height; y++)
            {
                // Each row says first how it was filtered.
                zlib.WriteByte(0);
                zlib.Write(_pixels, y * width * Channels, width * Channels);
            }
        }

        return bytes.ToArray();
    }

    private static void Write(MemoryStream file, string kind, byte[] content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] named = [.. Encoding.ASCII.GetBytes(kind), .. content];
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(named));
        file.Write(number);
    }
}
