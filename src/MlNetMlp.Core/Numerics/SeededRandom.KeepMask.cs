using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

internal readonly partial struct SeededRandom
{
    /// <summary>
    /// Element <c>i</c> becomes <c>1 / keepProbability</c> where <c>Single(firstIndex + i)</c> is less than
    /// <paramref name="keepProbability"/>, and 0 elsewhere.
    /// </summary>
    /// <param name="values">The mask of inverted dropout; the mean of its elements is 1.</param>
    /// <param name="keepProbability">Greater than 0 and at most 1.</param>
    /// <param name="firstIndex">The index of the first element, so that a part of a mask can be made alone.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepProbability"/> is out of range.</exception>
    public void FillKeepMask(Span<float> values, float keepProbability, long firstIndex = 0)
    {
        if (!(keepProbability > 0 && keepProbability <= 1))
        {
            Throw.KeepProbability(keepProbability);
        }

        // Single(i) < p says of its 24 bits, read as an integer, that they are below p * 2^24; that product is exact.
        float kept = 1 / keepProbability;
        uint threshold = (uint)MathF.Ceiling(keepProbability * (1 << 24));

        int i = 0;
        if ((firstIndex & 1) != 0 && values.Length > 0)
        {
            values[i++] = KeepOrDrop(firstIndex, threshold, kept);
        }

        if (BitConverter.IsLittleEndian)
        {
            i = FillBlocks(values, i, firstIndex + i, threshold, kept);
        }

        for (; i < values.Length; i++)
        {
            values[i] = KeepOrDrop(firstIndex + i, threshold, kept);
        }
    }

    private float KeepOrDrop(long index, uint threshold, float kept) => (UInt32(index) >> 8) < threshold ? kept : 0;

    /// <summary>Eight elements, the halves of four blocks, at a time; returns the first element that is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FillBlocks(Span<float> values, int i, long firstIndex, uint threshold, float kept)
    {
        ulong start = _key + (((ulong)(firstIndex >> 1) + 1) * Step);
        Vector256<ulong> counters = Vector256.Create(start) + (Vector256<ulong>.Indices * Step);
        Vector256<ulong> advance = Vector256.Create(Step) << 2;
        Vector256<int> thresholds = Vector256.Create((int)threshold);
        Vector256<float> keep = Vector256.Create(kept);
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<int> words = (Mix(counters).AsUInt32() >> 8).AsInt32();
            (Vector256.LessThan(words, thresholds).AsSingle() & keep).CopyTo(values[i..]);
            counters += advance;
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Mix(Vector256<ulong> bits)
    {
        bits = (bits ^ (bits >> 30)) * Vector256.Create(MixFirst);
        bits = (bits ^ (bits >> 27)) * Vector256.Create(MixSecond);
        return bits ^ (bits >> 31);
    }
}
