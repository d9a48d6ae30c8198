using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>
/// Sums of many floats in double precision, always in the same order: element <c>i</c> goes to partial sum <c>i % 32</c>, and the
/// partial sums are added one after the other. So the bits do not depend on the processor.
/// </summary>
/// <remarks>The sum of nothing is 0; a NaN or an infinity shows in the result.</remarks>
internal static class OrderedSum
{
    /// <summary><c>sum of values[i]</c>.</summary>
    public static double Of(ReadOnlySpan<float> values) => Sum<Itself>(values, values);

    /// <summary><c>sum of values[i]^2</c>. It cannot overflow: the largest float squared is 1e77.</summary>
    public static double OfSquares(ReadOnlySpan<float> values) => Sum<Product>(values, values);

    /// <summary><c>sum of |values[i]|</c>.</summary>
    public static double OfMagnitudes(ReadOnlySpan<float> values) => Sum<Magnitude>(values, values);

    /// <summary><c>sum of left[i] * right[i]</c>; each product is exact.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OfProducts(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Throw.IfLengthsDiffer(left.Length, right.Length, nameof(right));
        return Sum<Product>(left, right);
    }

    /// <summary><c>sum of weights[i] values[i] ln(values[i])</c>, with <c>0 ln 0 = 0</c>; no weights: all are 1. Of values that are not negative.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OfLogarithms(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty)
        {
            return Sum<Logarithm>(values, values);
        }

        Throw.IfLengthsDiffer(values.Length, weights.Length, nameof(weights));
        return Sum<WeightedLogarithm>(values, weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum<TTerm>(ReadOnlySpan<float> left, ReadOnlySpan<float> right) where TTerm : ITerm
    {
        int whole = left.Length - (left.Length % Partials.Count);
        var partials = default(Partials);
        ref float startOfLeft = ref MemoryMarshal.GetReference(left);
        ref float startOfRight = ref MemoryMarshal.GetReference(right);
        for (int i = 0; i < whole; i += Partials.Count)
        {
            partials.Add<TTerm>(ref Unsafe.Add(ref startOfLeft, i), ref Unsafe.Add(ref startOfRight, i));
        }

        if (whole < left.Length)
        {
            Span<float> padded = stackalloc float[2 * Partials.Count];
            padded.Clear();
            left[whole..].CopyTo(padded);
            right[whole..].CopyTo(padded[Partials.Count..]);
            partials.Add<TTerm>(ref padded[0], ref padded[Partials.Count]);
        }

        return partials.Total();
    }

    /// <summary>Four vectors, as an addition waits for the one before it in the same vector.</summary>
    private struct Partials
    {
        public const int Count = 32;

        private Vector512<double> _first, _second, _third, _fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add<TTerm>(ref float left, ref float right) where TTerm : ITerm
        {
            Vector512<float> x = Vector512.LoadUnsafe(ref left), y = Vector512.LoadUnsafe(ref right);
            _first += TTerm.Of(Vector512.WidenLower(x), Vector512.WidenLower(y));
            _second += TTerm.Of(Vector512.WidenUpper(x), Vector512.WidenUpper(y));
            x = Vector512.LoadUnsafe(ref left, (nuint)Count / 2);
            y = Vector512.LoadUnsafe(ref right, (nuint)Count / 2);
            _third += TTerm.Of(Vector512.WidenLower(x), Vector512.WidenLower(y));
            _fourth += TTerm.Of(Vector512.WidenUpper(x), Vector512.WidenUpper(y));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly double Total()
        {
            Unsafe.SkipInit(out Lanes lanes);
            Span<double> partials = lanes;
            _first.CopyTo(partials);
            _second.CopyTo(partials[Vector512<double>.Count..]);
            _third.CopyTo(partials[(2 * Vector512<double>.Count)..]);
            _fourth.CopyTo(partials[(3 * Vector512<double>.Count)..]);
            double sum = 0;
            foreach (double partial in partials)
            {
                sum += partial;
            }

            return sum;
        }
    }

    [InlineArray(Partials.Count)]
    private struct Lanes
    {
        private double _element;
    }

    private interface ITerm
    {
        static abstract Vector512<double> Of(Vector512<double> left, Vector512<double> right);
    }

    private readonly struct Itself : ITerm
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left;
    }

    private readonly struct Product : ITerm
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left * right;
    }

    private readonly struct Magnitude : ITerm
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => Vector512.Abs(left);
    }

    private readonly struct Logarithm : ITerm
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => Vector512.ConditionalSelect(
            Vector512.GreaterThan(left, Vector512<double>.Zero), left * Vector512.Log(left), Vector512<double>.Zero);
    }

    private readonly struct WeightedLogarithm : ITerm
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => right * Logarithm.Of(left, right);
    }
}
