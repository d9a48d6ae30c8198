using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

internal readonly partial struct SeededRandom
{
    /// <summary>
    /// Element <c>i</c> becomes <c>standardDeviation * n</c> with an n of the standard normal distribution: <c>Normal(i)</c> to some six digits, in
    /// single precision and by vectors.
    /// </summary>
    public void FillNoise(Span<float> values, float standardDeviation)
    {
        const int chunk = 256;
        Span<float> scratch = stackalloc float[3 * chunk];
        Span<float> mantissas = scratch[..chunk], powers = scratch.Slice(chunk, chunk), turns = scratch[(2 * chunk)..];
        var formula = new BoxMuller(standardDeviation);
        for (int start = 0; start < values.Length; start += chunk)
        {
            Span<float> part = values[start..Math.Min(values.Length, start + chunk)];
            FillUniforms(start, part.Length, mantissas, powers, turns);
            ElementwiseMath.Apply(formula, mantissas[..part.Length], powers[..part.Length], turns[..part.Length], part);
        }
    }

    /// <summary>
    /// Takes two uniform numbers from each block: one in (0, 1], as <c>mantissa * 2^power</c> with a mantissa around 1, and one in [-0.5, 0.5].
    /// </summary>
    /// <param name="firstBlock">The number of the first block.</param>
    /// <param name="count">How many blocks are needed; up to seven more are taken.</param>
    /// <param name="mantissas">Between the square roots of 0.5 and 2.</param>
    /// <param name="powers">Integers.</param>
    /// <param name="turns">The numbers in [-0.5, 0.5].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillUniforms(long firstBlock, int count, Span<float> mantissas, Span<float> powers, Span<float> turns)
    {
        const float half = 0.5f, unit31 = 1f / (1u << 31), unit32 = half * unit31;
        const int bitsOfRootOfHalf = 0x3F3504F3;
        Vector256<ulong> lower = Vector256.Create(_key + (((ulong)firstBlock + 1) * Step)) + (Vector256<ulong>.Indices * Step);
        Vector256<ulong> four = Vector256.Create(Step << 2), eight = four + four, upper = lower + four;
        for (int i = 0; i < count; i += Vector256<float>.Count)
        {
            Vector256<ulong> first = Mix(lower), second = Mix(upper);
            Vector256<int> low = Vector256.Narrow(first, second).AsInt32(), high = Vector256.Narrow(first >> 32, second >> 32).AsInt32();

            // Halved before the conversion: signed integers are what every processor converts alike.
            Vector256<int> uniform = ((Vector256.ConvertToSingle(low >>> 1) + Vector256.Create(half)) * unit31).AsInt32();
            Vector256<int> power = (uniform - Vector256.Create(bitsOfRootOfHalf)) >> 23;
            (uniform - (power << 23)).AsSingle().CopyTo(mantissas[i..]);
            Vector256.ConvertToSingle(power).CopyTo(powers[i..]);
            (Vector256.ConvertToSingle(high) * unit32).CopyTo(turns[i..]);
            lower += eight;
            upper += eight;
        }
    }

    /// <summary><c>scale sqrt(-2 ln(mantissa 2^power)) cos(2 pi turn)</c>.</summary>
    private readonly struct BoxMuller(float scale) : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector mantissa, TVector power, TVector turn)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            // ln(mantissa) = 2 artanh(s), s = (mantissa - 1) / (mantissa + 1), |s| < 0.172, by the series of artanh.
            TVector one = TLanes.Broadcast(1);
            TVector s = TLanes.Divide(TLanes.Subtract(mantissa, one), TLanes.Add(mantissa, one)), square = TLanes.Multiply(s, s);
            TVector series = TLanes.Broadcast(2f / 9);
            series = TLanes.MultiplyAdd(series, square, TLanes.Broadcast(2f / 7));
            series = TLanes.MultiplyAdd(series, square, TLanes.Broadcast(2f / 5));
            series = TLanes.MultiplyAdd(series, square, TLanes.Broadcast(2f / 3));
            TVector logarithm = TLanes.MultiplyAdd(TLanes.Multiply(series, square), s, TLanes.Add(s, s));
            logarithm = TLanes.MultiplyAdd(power, TLanes.Broadcast(0.693147181f), logarithm);
            TVector radius = TLanes.Sqrt(TLanes.Multiply(logarithm, TLanes.Broadcast(-2)));

            // The cosine of an angle is the sine of what it lacks to a quarter turn; the power series of sin(2 pi q) up to q^13.
            TVector quarter = TLanes.Subtract(TLanes.Broadcast(0.25f), TLanes.Abs(turn));
            square = TLanes.Multiply(quarter, quarter);
            TVector sine = TLanes.Broadcast(3.81995259f);
            sine = TLanes.MultiplyAdd(sine, square, TLanes.Broadcast(-15.0946426f));
            sine = TLanes.MultiplyAdd(sine, square, TLanes.Broadcast(42.0586939f));
            sine = TLanes.MultiplyAdd(sine, square, TLanes.Broadcast(-76.7058598f));
            sine = TLanes.MultiplyAdd(sine, square, TLanes.Broadcast(81.6052493f));
            sine = TLanes.MultiplyAdd(sine, square, TLanes.Broadcast(-41.3417022f));
            sine = TLanes.MultiplyAdd(sine, square, TLanes.Broadcast(6.28318531f));
            return TLanes.Multiply(TLanes.Multiply(radius, TLanes.Broadcast(scale)), TLanes.Multiply(sine, quarter));
        }
    }
}
