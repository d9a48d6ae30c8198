namespace MlNetMlp.Search;

/// <summary>Random numbers by address: every number is a function of a seed and a path of addresses, and nothing is consumed.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014), read at addresses.</remarks>
internal readonly struct SearchRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly ulong _key;

    public SearchRandom(int seed) => _key = Mix(((uint)seed + 1UL) * Step);

    private SearchRandom(ulong key) => _key = key;

    /// <summary>64 bits, all equally likely.</summary>
    public ulong Bits => Mix(_key ^ Step);

    /// <summary>A multiple of 2^-53 in [0, 1).</summary>
    public double Unit => (Bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>Independent random numbers for each address.</summary>
    public SearchRandom At(int address) => new(Mix(_key + (((uint)address + 1UL) * Step)));

    /// <summary>A whole number in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)Math.BigMul(Bits, (ulong)bound, out _);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
