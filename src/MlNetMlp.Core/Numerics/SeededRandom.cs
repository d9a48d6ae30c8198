using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>A random number generator without a state: every number is a pure function of a key and an address.</summary>
/// <remarks>
/// <para>
/// The block of 64 bits with number <c>b</c> is <c>Mix(key + (b + 1) * Step)</c>, which is SplitMix64 read at any position;
/// the 32-bit word with number <c>i</c> is the low (even <c>i</c>) or high (odd <c>i</c>) half of block <c>i / 2</c>.
/// A sub-generator has the key <c>Mix(Mix(key ^ Salt) + address * SubStep)</c>.
/// </para>
/// <para>
/// Numbers drawn with the same index of one generator are the same bits in different clothes: to draw independent things, use
/// one sub-generator for each.
/// </para>
/// <para>
/// Guy L. Steele, Doug Lea and Christine H. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014;
/// the idea of addressing: John K. Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
/// </para>
/// </remarks>
internal readonly partial struct SeededRandom
{
    /// <summary>2^64 divided by the golden ratio, odd.</summary>
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>2^64 divided by the square of the plastic number, odd; unrelated to <see cref="Step"/>.</summary>
    private const ulong SubStep = 0x91E10DA5C79E7B1D;

    /// <summary>The fraction of the square root of 2; keeps the keys of sub-generators apart from the words of their parent.</summary>
    private const ulong Salt = 0x6A09E667F3BCC909;

    private const ulong MixFirst = 0xBF58476D1CE4E5B9;
    private const ulong MixSecond = 0x94D049BB133111EB;

    private readonly ulong _key;

    /// <summary>The generator of a seed; any seed is as good as any other.</summary>
    public SeededRandom(int seed)
        : this(Mix(Salt + ((uint)seed * Step)))
    {
    }

    private SeededRandom(ulong key) => _key = key;

    /// <summary>An independent generator for each address, to be chained, as in <c>random.At(epoch).At(batch)</c>.</summary>
    public SeededRandom At(long address) => new(Mix(Mix(_key ^ Salt) + ((ulong)address * SubStep)));

    /// <summary>All 2^32 values with equal probability.</summary>
    public uint UInt32(long index) => (uint)(Block(index >> 1) >> ((int)(index & 1) * 32));

    /// <summary>An integer in <c>[0, bound)</c>. No value is more likely than another by more than <c>bound / 2^64</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is less than 1.</exception>
    public int Below(int bound, long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(Block(index), (ulong)bound, out _);
    }

    /// <summary>A multiple of 2^-24 in <c>[0, 1)</c>.</summary>
    public float Single(long index) => (UInt32(index) >> 8) * (1f / (1 << 24));

    /// <summary>A value of the standard normal distribution, between -6.7 and 6.7.</summary>
    /// <remarks>G. E. P. Box and Mervin E. Muller, "A Note on the Generation of Random Normal Deviates", 1958; in double.</remarks>
    public float Normal(long index)
    {
        const double Unit = 1.0 / (1L << 32);
        ulong block = Block(index);
        double radius = Math.Sqrt(-2 * Math.Log(((uint)block + 1.0) * Unit));
        return (float)(radius * Math.Cos(2 * Math.PI * Unit * (uint)(block >> 32)));
    }

    /// <summary>Puts <paramref name="values"/> into one of all orders, each as likely as any other.</summary>
    /// <remarks>Richard Durstenfeld, "Algorithm 235: Random permutation", 1964.</remarks>
    public void Shuffle(Span<int> values)
    {
        for (int last = values.Length - 1; last > 0; last--)
        {
            int other = Below(last + 1, last);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    /// <summary>Element <c>i</c> becomes <c>mean + standardDeviation * Normal(i)</c>.</summary>
    public void FillNormal(Span<float> values, float mean, float standardDeviation)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = mean + (standardDeviation * Normal(i));
        }
    }

    /// <summary>Element <c>i</c> becomes <c>low + (high - low) * Single(i)</c>.</summary>
    public void FillUniform(Span<float> values, float low, float high)
    {
        float range = high - low;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = low + (range * Single(i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Block(long number) => Mix(_key + (((ulong)number + 1) * Step));

    /// <summary>The finalizer of SplitMix64 (David Stafford's variant 13 of the one of MurmurHash3): a bijection of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * MixFirst;
        bits = (bits ^ (bits >> 27)) * MixSecond;
        return bits ^ (bits >> 31);
    }
}
