using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MlNetMlp;

/// <summary>What every file of this library has around its content, so that a wrong, old, cut or damaged one is told from a good one.</summary>
/// <remarks>
/// Layout, all numbers little-endian:
/// <code>
/// offset  size
///      0     8  magic, in ASCII
///      8     4  version, 32-bit
///     12     8  L, the length of the body, 64-bit
///     20     L  body
/// 20 + L    32  SHA-256 of everything before
/// </code>
/// </remarks>
/// <param name="Magic">The first eight bytes.</param>
/// <param name="Name">What the file is, for messages: "saved network".</param>
/// <param name="Version">The version that is written, and the newest that is read. The body of this one is a <see cref="SectionList"/>.</param>
internal sealed record Envelope(string Magic, string Name, int Version)
{
    private const int HeaderLength = 20;

    /// <summary>
    /// The body of a stream that does not know its length is read in pieces that begin with this size, so that a damaged length cannot ask for more
    /// memory than the stream has bytes.
    /// </summary>
    private const int PieceLength = 1 << 20;

    /// <summary>The oldest version that is read. Default 1.</summary>
    public int OldestVersion { get; init; } = 1;

    /// <summary>What to do about a file of an older version than that, for messages.</summary>
    public string AdviceOnOlder { get; init; } = "";

    /// <summary>Numbers as they are laid out in a body.</summary>
    public static void Write(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (float value in values)
        {
            writer.Write(value);
        }
    }

    /// <summary>Text as <see cref="BoundedReader.Text"/> reads it.</summary>
    public static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>Writes a whole file at the stream's position.</summary>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="sections">The body.</param>
    /// <exception cref="NotSupportedException">The body would be too long to be read back: about 2 GiB.</exception>
    public void Seal(Stream stream, SectionList sections)
    {
        if (sections.Length > Array.MaxLength)
        {
            throw new NotSupportedException($"A {Name} may have {Array.MaxLength} bytes; this one would have {sections.Length}.");
        }

        using var sealing = new SealingStream(stream);
        using var writer = new BinaryWriter(sealing);
        writer.Write(Encoding.ASCII.GetBytes(Magic));
        writer.Write(Version);
        writer.Write(sections.Length);
        sections.Write(writer);
        writer.Flush();
        sealing.WriteChecksum();
    }

    /// <summary>Reads a whole file from the stream's position, and leaves the position behind its last byte.</summary>
    /// <param name="stream">The stream to read; it stays open.</param>
    /// <exception cref="InvalidDataException">The bytes are something else, end too early, are damaged, or have a version that is not read.</exception>
    public (int Version, BoundedReader Body) Open(Stream stream)
    {
        byte[] header = ReadExactly(stream, HeaderLength);
        if (!header.AsSpan(0, Magic.Length).SequenceEqual(Encoding.ASCII.GetBytes(Magic)))
        {
            throw new InvalidDataException($"This is not a {Name}: it does not begin with {Magic}.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (version >= 1 && version < OldestVersion)
        {
            throw new InvalidDataException(
                $"The {Name} was written by an earlier release of MlNetMlp, in version {version} of the format, which this one does not read. "
                + AdviceOnOlder);
        }

        if (version < 1 || version > Version)
        {
            throw new InvalidDataException(
                $"The {Name} was written in version {version} of the format; this release reads versions {OldestVersion} to {Version}.");
        }

        byte[] body = ReadExactly(stream, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(12)));
        byte[] hash = ReadExactly(stream, SHA256.HashSizeInBytes);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(header);
        digest.AppendData(body);
        return digest.GetHashAndReset().AsSpan().SequenceEqual(hash)
            ? (version, new BoundedReader(body, Name))
            : throw new InvalidDataException($"The {Name} is damaged: its checksum does not match its content.");
    }

    /// <summary>The number of bytes that a stream says are left; 0 if it does not say.</summary>
    private static long Available(Stream stream)
    {
        try
        {
            return stream.Length - stream.Position;
        }
        catch (NotSupportedException)
        {
            return 0;
        }
    }

    private byte[] ReadExactly(Stream stream, long length)
    {
        if (length < 0 || length > Array.MaxLength)
        {
            throw new InvalidDataException($"The {Name} is damaged: a part of it claims to have {length} bytes.");
        }

        byte[] bytes = new byte[length <= Available(stream) ? length : Math.Min(length, PieceLength)];
        for (int done = 0; done < length;)
        {
            if (done == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            }

            int read = stream.Read(bytes, done, bytes.Length - done);
            done += read > 0 ? read : throw new InvalidDataException($"The {Name} is cut short: {length - done} of {length} bytes are missing.");
        }

        return bytes;
    }
}
