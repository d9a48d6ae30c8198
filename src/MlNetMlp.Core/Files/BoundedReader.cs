using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace MlNetMlp;

/// <summary>Reads little-endian numbers from a body in memory; every size is compared with what is left before anything is allocated.</summary>
/// <param name="body">The bytes.</param>
/// <param name="name">What they are, for messages.</param>
internal sealed class BoundedReader(ReadOnlyMemory<byte> body, string name = "saved network")
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlyMemory<byte> _rest = body;

    /// <summary>What the bytes are, for messages.</summary>
    public string Name => name;

    /// <summary>The number of bytes that are left.</summary>
    public int Left => _rest.Length;

    public bool AtEnd => _rest.IsEmpty;

    /// <summary>Another reader of what is left, which leaves this one where it is.</summary>
    public BoundedReader Copy() => new(_rest, name);

    /// <summary>The next <paramref name="length"/> bytes, to be read by themselves.</summary>
    public BoundedReader Part(long length, string partName)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw Damaged($"the {partName} claims to have {length} bytes, but {_rest.Length} are left.");
        }

        var part = new BoundedReader(_rest[..(int)length], partName);
        _rest = _rest[(int)length..];
        return part;
    }

    /// <summary>The next <paramref name="length"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    public byte Byte() => Take(1)[0];

    public bool Boolean() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw Damaged($"{other} is neither yes nor no."),
    };

    public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Take(sizeof(short)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A number of things that take at least <paramref name="size"/> bytes each.</summary>
    public int Count(int size, string what)
    {
        int count = Int32();
        return count >= 0 && (long)count * size <= _rest.Length
            ? count
            : throw Damaged($"it claims to have {count} {what}, but {_rest.Length} bytes are left.");
    }

    /// <summary>A number of bytes, and as many bytes of UTF-8.</summary>
    public string Text(string what) => Decode(Take(Count(1, $"bytes of the {what}")), what);

    /// <summary>Text as <see cref="BinaryWriter"/> writes it: a number of bytes, seven bits at a time from the lowest, and as many bytes of UTF-8.</summary>
    public string ShortText(string what)
    {
        uint length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Byte();
            length |= (uint)(part & 0x7F) << shift;
            if (part < 0x80 && length <= _rest.Length)
            {
                return Decode(Take((int)length), what);
            }

            if (part < 0x80 || shift == 28)
            {
                throw Damaged($"the {what} is longer than what is left.");
            }
        }
    }

    /// <summary>The next <paramref name="count"/> numbers, all of which must be finite.</summary>
    public float[] Singles(int count, string what)
    {
        RequireSingles(count, what);
        float[] values = new float[count];
        Singles(values, what);
        return values;
    }

    /// <summary>Fills <paramref name="values"/> with the next numbers, all of which must be finite.</summary>
    public void Singles(Span<float> values, string what)
    {
        AnySingles(values, what);
        if (!values.IsEmpty && !TensorPrimitives.IsFiniteAll<float>(values))
        {
            throw Damaged($"the {what} have a value that is not finite.");
        }
    }

    /// <summary>Fills <paramref name="values"/> with the next numbers, whatever bits they have.</summary>
    public void AnySingles(Span<float> values, string what)
    {
        RequireSingles(values.Length, what);
        Take(values.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
        {
            Span<int> bits = MemoryMarshal.Cast<float, int>(values);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }
    }

    /// <summary>The exception for content that makes no sense.</summary>
    public InvalidDataException Damaged(string why) => new($"The {name} is damaged: {why}");

    private void RequireSingles(int count, string what)
    {
        if (count < 0 || count > _rest.Length / sizeof(float))
        {
            throw Damaged($"{count} numbers of the {what} do not fit into the {_rest.Length} bytes that are left.");
        }
    }

    private string Decode(ReadOnlySpan<byte> bytes, string what)
    {
        try
        {
            return _utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged($"the {what} is no text.");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new InvalidDataException($"The {name} is cut short: {length} bytes are needed, {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest.Span[..length];
        _rest = _rest[length..];
        return taken;
    }
}
