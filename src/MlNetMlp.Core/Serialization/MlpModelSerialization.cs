using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MlNetMlp;

/// <summary>Writes models to streams and reads them back, bit for bit.</summary>
/// <remarks>
/// Layout, all numbers little-endian:
/// <code>
/// offset  size
///      0     8  magic: "MLNETMLP" in ASCII
///      8     4  version, 32-bit; this code writes 3 and reads 1 to 3
///     12     8  L, the length of the body, 64-bit
///     20     L  body: see <see cref="ModelBody"/>
/// 20 + L    32  SHA-256 of everything before
/// </code>
/// Version history: 1, the first; 2, noise, residual connections and layer normalization; 3, ensembles, DropConnect, penalties on activations,
/// initial biases, PReLU, Maxout, and weight, cosine and batch renormalization.
/// </remarks>
public static class MlpModelSerialization
{
    private const int Version = 3;
    private const int HeaderLength = 20;

    /// <summary>The body is read in pieces of this size, so that a damaged length cannot ask for more memory than the stream has bytes.</summary>
    private const int PieceLength = 1 << 20;

    extension(MlpModel model)
    {
        /// <summary>Writes the model at the stream's position. The bytes are a function of the model alone.</summary>
        /// <param name="stream">Where to write; it stays open.</param>
        public void Save(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(stream);
            using var buffer = new MemoryStream();
            using (var writer = new BinaryWriter(buffer))
            {
                writer.Write("MLNETMLP"u8);
                writer.Write(Version);
                writer.Write(0L);
                ModelBody.Write(writer, model);
                writer.Flush();
                long length = buffer.Length - HeaderLength;
                buffer.Position = HeaderLength - sizeof(long);
                writer.Write(length);
                writer.Flush();
                ReadOnlySpan<byte> bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
                stream.Write(bytes);
                stream.Write(SHA256.HashData(bytes));
            }
        }

        /// <summary>Reads a model from the stream's position; leaves the position behind its last byte.</summary>
        /// <param name="stream">Where to read; it stays open.</param>
        /// <exception cref="InvalidDataException">
        /// The bytes are no model, end too early, are damaged, or were written by a later version; the message says which.
        /// </exception>
        public static MlpModel Load(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(stream);
            byte[] header = ReadExactly(stream, HeaderLength);
            if (!header.AsSpan(0, 8).SequenceEqual("MLNETMLP"u8))
            {
                throw new InvalidDataException("This is not a saved network: it does not begin with MLNETMLP.");
            }

            int version = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
            if (version is < 1 or > Version)
            {
                throw new InvalidDataException($"The network was saved in version {version} of the format; this release reads versions 1 to {Version}.");
            }

            byte[] body = ReadExactly(stream, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(12)));
            byte[] hash = ReadExactly(stream, SHA256.HashSizeInBytes);
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            digest.AppendData(header);
            digest.AppendData(body);
            return digest.GetHashAndReset().AsSpan().SequenceEqual(hash)
                ? ModelBody.Read(new BoundedReader(body), version)
                : throw new InvalidDataException("The saved network is damaged: its checksum does not match its content.");
        }
    }

    private static byte[] ReadExactly(Stream stream, long length)
    {
        if (length < 0 || length > Array.MaxLength)
        {
            throw new InvalidDataException($"The saved network is damaged: a part of it claims to have {length} bytes.");
        }

        byte[] bytes = new byte[Math.Min(length, PieceLength)];
        for (int done = 0; done < length;)
        {
            if (done == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            }

            int read = stream.Read(bytes, done, bytes.Length - done);
            done += read > 0 ? read : throw new InvalidDataException($"The saved network is cut short: {length - done} of {length} bytes are missing.");
        }

        return bytes;
    }
}
