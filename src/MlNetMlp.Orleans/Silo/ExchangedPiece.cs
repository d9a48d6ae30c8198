using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>Neighbouring elements of a slice of the gradient, which a message has: as <see cref="float"/>, or packed into 16 bits each.</summary>
/// <param name="Number">Which piece it is, of those that one silo adds up in an exchange.</param>
/// <param name="First">The first element in the slice.</param>
/// <param name="Count">The number of elements.</param>
internal readonly record struct ExchangedPiece(int Number, int First, int Count)
{
    /// <summary>The bytes of its elements.</summary>
    public int BytesOf(bool isPacked) => Count * (isPacked ? sizeof(ushort) : sizeof(float));

    /// <summary>Writes the elements into a message.</summary>
    public static void Pack(ReadOnlySpan<float> values, bool isPacked, Span<byte> content)
    {
        if (isPacked)
        {
            BFloat16.Pack(values, MemoryMarshal.Cast<byte, ushort>(content));
        }
        else
        {
            MemoryMarshal.AsBytes(values).CopyTo(content);
        }
    }

    /// <summary>Reads the elements of a message.</summary>
    public static void Unpack(ReadOnlySpan<byte> content, bool isPacked, Span<float> values)
    {
        if (isPacked)
        {
            BFloat16.Unpack(MemoryMarshal.Cast<byte, ushort>(content), values);
        }
        else
        {
            content.CopyTo(MemoryMarshal.AsBytes(values));
        }
    }
}
