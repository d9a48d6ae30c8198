using System.Numerics;
using System.Runtime.InteropServices;

namespace MlNetMlp.Numerics;

/// <summary>
/// The upper half of a 32-bit float: its exponent, and 8 of the 24 significant bits. A relative error of at most 2^-9; no value is too large or too small.
/// </summary>
internal static class BFloat16
{
    private const uint UpperHalf = 0xFFFF0000, BelowHalf = 0x7FFF;
    private const int LowerBits = 16;

    /// <summary>
    /// Rounds the sums of values and what was left of earlier ones to the nearest numbers of 16 bits, to the even one of two that are as near, and
    /// keeps what is left: <c>s = x + e; x = round(s); e = s - x</c>. The bits do not depend on the processor.
    /// </summary>
    /// <param name="values">x; a NaN stays one.</param>
    /// <param name="rests">e, as many.</param>
    public static void Round(Span<float> values, Span<float> rests)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= values.Length - width; i += width)
        {
            Vector<float> sum = new Vector<float>(values[i..]) + new Vector<float>(rests[i..]);
            var bits = Vector.AsVectorUInt32(sum);
            Vector<float> rounded = Vector.AsVectorSingle(
                (bits + new Vector<uint>(BelowHalf) + ((bits >>> LowerBits) & Vector<uint>.One)) & new Vector<uint>(UpperHalf));
            rounded.CopyTo(values[i..]);
            (sum - rounded).CopyTo(rests[i..]);
        }

        for (; i < values.Length; i++)
        {
            float sum = values[i] + rests[i];
            uint bits = BitConverter.SingleToUInt32Bits(sum);
            values[i] = BitConverter.UInt32BitsToSingle((bits + BelowHalf + ((bits >> LowerBits) & 1)) & UpperHalf);
            rests[i] = sum - values[i];
        }
    }

    /// <summary>The upper halves of rounded values.</summary>
    /// <param name="values">Values whose lower halves are 0.</param>
    /// <param name="packed">Receives as many.</param>
    public static void Pack(ReadOnlySpan<float> values, Span<ushort> packed)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < bits.Length; i++)
        {
            packed[i] = (ushort)(bits[i] >> LowerBits);
        }
    }

    /// <summary>The values of upper halves.</summary>
    /// <param name="packed">The upper halves.</param>
    /// <param name="values">Receives as many.</param>
    public static void Unpack(ReadOnlySpan<ushort> packed, Span<float> values)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < packed.Length; i++)
        {
            bits[i] = (uint)packed[i] << LowerBits;
        }
    }
}
