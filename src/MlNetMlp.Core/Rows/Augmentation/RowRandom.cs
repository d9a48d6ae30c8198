using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The random numbers of one row. They are addressed by an index rather than drawn one after the other.</summary>
/// <remarks>
/// There is no state: the same index gives the same number again, in any order and on any thread. So use another index for everything that
/// is to be independent (numbers of different kinds with the same index are not), and <see cref="At"/> for a whole range of new
/// indices, for example one for each feature. Not for cryptography.
/// </remarks>
public readonly record struct RowRandom
{
    private readonly SeededRandom _random;

    /// <summary>The random numbers of a seed, for trying out a <see cref="RowAugmentation"/>. The training makes its own.</summary>
    /// <param name="seed">Any number.</param>
    public RowRandom(int seed)
        : this(new SeededRandom(seed))
    {
    }

    internal RowRandom(SeededRandom random) => _random = random;

    /// <summary>Random numbers that are independent of these and of those of any other address.</summary>
    /// <param name="address">Any number.</param>
    public RowRandom At(long address) => new(_random.At(address));

    /// <summary>A number in [0, 1), each as likely as any other: a multiple of 2^-24.</summary>
    /// <param name="index">Any number from 0.</param>
    public float Uniform(long index) => _random.Single(2 * index);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>: <c>low + (high - low) Uniform(index)</c>.</summary>
    /// <param name="low">Finite.</param>
    /// <param name="high">Finite.</param>
    /// <param name="index">Any number from 0.</param>
    public float Uniform(float low, float high, long index) => low + ((high - low) * Uniform(index));

    /// <summary>A number from the normal distribution with mean 0 and standard deviation 1.</summary>
    /// <param name="index">Any number from 0.</param>
    public float Normal(long index) => _random.Normal(index);

    /// <summary>A whole number from 0 to <c>bound - 1</c>, each as likely as any other.</summary>
    /// <param name="bound">At least 1.</param>
    /// <param name="index">Any number from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is less than 1.</exception>
    public int Below(int bound, long index) => _random.Below(bound, index);

    /// <summary>The name alone: the numbers come as they are asked for.</summary>
    public override string ToString() => nameof(RowRandom);
}
