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
    public static double Of(ReadOnlySpan<float> values) => Of(default(Itself), values);

    /// <summary><c>sum of values[i]^2</c>. It cannot overflow: the largest float squared is 1e77.</summary>
    public static double OfSquares(ReadOnlySpan<float> values) => Of(default(Product), values, values, values);

    /// <summary><c>sum of |values[i]|</c>.</summary>
    public static double OfMagnitudes(ReadOnlySpan<float> values) => Of(default(Magnitude), values);

    /// <summary><c>sum of left[i] * right[i]</c>; each product is exact.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OfProducts(ReadOnlySpan<float> left, ReadOnlySpan<float> right) => Of(default(Product), left, right, right);

    /// <summary><c>sum of f(x[i])</c>.</summary>
    public static double Of<TFormula>(TFormula formula, ReadOnlySpan<float> x)
        where TFormula : struct, IDoubleFormula => Of(formula, x, x, x);

    /// <summary><c>sum of f(x[i], y[i], z[i])</c>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of<TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
        where TFormula : struct, IDoubleFormula
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        Throw.IfLengthsDiffer(x.Length, z.Length, nameof(z));
        var partials = default(Partials);
        ref float startOfX = ref MemoryMarshal.GetReference(x);
        ref float startOfY = ref MemoryMarshal.GetReference(y);
        ref float startOfZ = ref MemoryMarshal.GetReference(z);
        int i = 0;
        for (; i <= x.Length - Partials.Count; i += Partials.Count)
        {
            partials.Add(formula, ref Unsafe.Add(ref startOfX, i), ref Unsafe.Add(ref startOfY, i), ref Unsafe.Add(ref startOfZ, i), Partials.Count);
        }

        if (i < x.Length)
        {
            Span<float> padded = stackalloc float[3 * Partials.Count];
            padded.Clear();
            x[i..].CopyTo(padded);
            y[i..].CopyTo(padded[Partials.Count..]);
            z[i..].CopyTo(padded[(2 * Partials.Count)..]);
            partials.Add(formula, ref padded[0], ref padded[Partials.Count], ref padded[2 * Partials.Count], x.Length - i);
        }

        return partials.Total(Math.Min(x.Length, Partials.Count));
    }

    /// <summary>Four vectors, as an addition waits for the one before it in the same vector.</summary>
    private struct Partials
    {
        public const int Count = 32;

        private Vector512<double> _first, _second, _third, _fourth;

        /// <summary>Adds the first <paramref name="count"/> of 32 terms.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add<TFormula>(TFormula formula, ref float startOfX, ref float startOfY, ref float startOfZ, int count)
            where TFormula : struct, IDoubleFormula
        {
            Vector512<float> x = Vector512.LoadUnsafe(ref startOfX), y = Vector512.LoadUnsafe(ref startOfY), z = Vector512.LoadUnsafe(ref startOfZ);
            _first += First(formula.Of(Vector512.WidenLower(x), Vector512.WidenLower(y), Vector512.WidenLower(z)), count);
            _second += First(formula.Of(Vector512.WidenUpper(x), Vector512.WidenUpper(y), Vector512.WidenUpper(z)), count - (Count / 4));
            x = Vector512.LoadUnsafe(ref startOfX, (nuint)Count / 2);
            y = Vector512.LoadUnsafe(ref startOfY, (nuint)Count / 2);
            z = Vector512.LoadUnsafe(ref startOfZ, (nuint)Count / 2);
            _third += First(formula.Of(Vector512.WidenLower(x), Vector512.WidenLower(y), Vector512.WidenLower(z)), count - (Count / 2));
            _fourth += First(formula.Of(Vector512.WidenUpper(x), Vector512.WidenUpper(y), Vector512.WidenUpper(z)), count - (3 * Count / 4));
        }

        /// <summary>The sum of the first <paramref name="count"/> partial sums; the others are 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly double Total(int count)
        {
            Unsafe.SkipInit(out Lanes lanes);
            Span<double> partials = lanes;
            _first.CopyTo(partials);
            _second.CopyTo(partials[Vector512<double>.Count..]);
            _third.CopyTo(partials[(2 * Vector512<double>.Count)..]);
            _fourth.CopyTo(partials[(3 * Vector512<double>.Count)..]);
            double sum = 0;
            foreach (double partial in partials[..count])
            {
                sum += partial;
            }

            return sum;
        }

        /// <summary>The first terms; 0 in the place of the others, which are those of no element.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<double> First(Vector512<double> terms, int count) => count >= Vector512<double>.Count
            ? terms
            : terms & Vector512.LessThan(Vector512<double>.Indices, Vector512.Create((double)count));
    }

    [InlineArray(Partials.Count)]
    private struct Lanes
    {
        private double _element;
    }

    private readonly struct Itself : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => x;
    }

    private readonly struct Product : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => x * y;
    }

    private readonly struct Magnitude : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => Vector512.Abs(x);
    }
}
