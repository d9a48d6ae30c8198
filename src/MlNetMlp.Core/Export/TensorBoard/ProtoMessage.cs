using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MlNetMlp;

/// <summary>A message of Protocol Buffers that is being written: fields with numbers, in the wire format.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ProtoMessage Add(int field, long value)
    {
        Write(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    public ProtoMessage Add(int field, double value)
    {
        Write(field, Fixed64);
        Write(value);
        return this;
    }

    public ProtoMessage Add(int field, float value)
    {
        Write(field, Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtoMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    public ProtoMessage Add(int field, ProtoMessage message) => Add(field, message.ToBytes());

    /// <summary>Adds repeated numbers, packed.</summary>
    public ProtoMessage Add(int field, IReadOnlyCollection<double> values)
    {
        Write(field, Bytes);
        WriteVarint((ulong)values.Count * sizeof(double));
        foreach (double value in values)
        {
            Write(value);
        }

        return this;
    }

    public byte[] ToBytes() => _bytes.WrittenSpan.ToArray();

    private ProtoMessage Add(int field, byte[] content)
    {
        Write(field, Bytes);
        WriteVarint((ulong)content.Length);
        _bytes.Write(content);
        return this;
    }

    private void Write(int field, int kind) => WriteVarint((ulong)(field << 3 | kind));

    private void Write(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    /// <summary>Seven bits at a time, the lowest first.</summary>
    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }

        _bytes.Write([(byte)value]);
    }
}
