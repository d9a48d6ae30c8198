using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MlNetMlp;

/// <summary>Reads little-endian numbers from a body in memory; every size is compared with what is left before anything is allocated.</summary>
internal sealed class BoundedReader(ReadOnlyMemory<byte> body)
{
    private ReadOnlyMemory<byte> _rest = body;

    public bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <summary>A number of things that take at least <paramref name="size"/> bytes each.</summary>
    public int Count(int size, string what)
    {
        int count = Int32();
        return count >= 0 && (long)count * size <= _rest.Length
            ? count
            : throw new InvalidDataException($"The saved network is damaged: it claims to have {count} {what}, but {_rest.Length} bytes are left.");
    }

    /// <summary>The next <paramref name="count"/> numbers, all of which must be finite.</summary>
    public float[] Singles(long count, string what)
    {
        RequireSingles(count, what);
        float[] values = new float[count];
        Take(values.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        return Array.TrueForAll(values, float.IsFinite)
            ? values
            : throw new InvalidDataException($"The saved network is damaged: the {what} have a value that is not finite.");
    }

    /// <summary>Refuses a number of <paramref name="count"/> numbers that cannot be in what is left.</summary>
    public void RequireSingles(long count, string what)
    {
        if (count < 0 || count > _rest.Length / sizeof(float))
        {
            throw new InvalidDataException($"The saved network is damaged: {count} numbers of the {what} do not fit into the {_rest.Length} bytes that are left.");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new InvalidDataException($"The saved network is cut short: {length} bytes are needed, {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest.Span[..length];
        _rest = _rest[length..];
        return taken;
    }
}
