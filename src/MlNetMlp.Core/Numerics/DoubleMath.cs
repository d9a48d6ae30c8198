using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Formulas in double precision over spans of floats. For their sums see <see cref="OrderedSum"/>.</summary>
internal static class DoubleMath
{
    /// <summary><c>result[i] = f(x[i])</c>, rounded once. The result may be <paramref name="x"/> itself, but must not overlap it otherwise.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply<TFormula>(TFormula formula, ReadOnlySpan<float> x, Span<float> result)
        where TFormula : struct, IDoubleFormula => Apply(formula, x, x, x, result);

    /// <summary>
    /// <c>result[i] = f(x[i], y[i], z[i])</c>, rounded once. The result may be one of the operands, but must not overlap them otherwise.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result)
        where TFormula : struct, IDoubleFormula
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        Throw.IfLengthsDiffer(x.Length, z.Length, nameof(z));
        Throw.IfLengthsDiffer(x.Length, result.Length, nameof(result));
        int i = 0, count = Vector512<float>.Count;
        for (; i <= x.Length - count; i += count)
        {
            Of(formula, x[i..], y[i..], z[i..]).CopyTo(result[i..]);
        }

        if (i < x.Length)
        {
            Span<float> last = stackalloc float[3 * count];
            last.Clear();
            x[i..].CopyTo(last);
            y[i..].CopyTo(last[count..]);
            z[i..].CopyTo(last[(2 * count)..]);
            Of(formula, last, last[count..], last[(2 * count)..]).CopyTo(last);
            last[..(x.Length - i)].CopyTo(result[i..]);
        }
    }

    private const double TwoTo52 = 4503599627370496;

    // ln 2 in two parts: the first has 32 bits, so that its product with an integer of up to 21 is exact.
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>
    /// <c>ln(x)</c> of normal positive numbers, with a relative error below 2e-15; without meaning for others. All positive floats are normal as doubles.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x) => Vector512.Create(Log(x.GetLower()), Log(x.GetUpper()));

    /// <summary>
    /// With <c>x = 2^k m</c>, m around 1 and <c>s = (m - 1) / (m + 1)</c>: <c>ln(m) = 2 artanh(s) = 2 s (1 + s^2 / 3 + s^4 / 5 + ...)</c>.
    /// </summary>
    /// <remarks>
    /// Unlike <see cref="Vector512.Log(Vector512{double})"/>, compiled for good when it is first called; and not of the widest vectors, because what stands
    /// for them on other processors is not inlined into an expression of this length.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<long> bits = x.AsInt64();
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> m = ((bits & Vector256.Create(0x000F_FFFF_FFFF_FFFF)) | one.AsInt64()).AsDouble();
        Vector256<double> k = ((bits >>> 52) | Vector256.Create(TwoTo52).AsInt64()).AsDouble() - Vector256.Create(TwoTo52 + 1023);
        Vector256<double> isLarge = Vector256.GreaterThan(m, Vector256.Create(Math.Sqrt(2)));
        m = Vector256.ConditionalSelect(isLarge, m * 0.5, m);
        k += isLarge & one;

        Vector256<double> s = (m - one) / (m + one), square = s * s;
        Vector256<double> series = Vector256.Create(1.0 / 17);
        series = series * square + Vector256.Create(1.0 / 15);
        series = series * square + Vector256.Create(1.0 / 13);
        series = series * square + Vector256.Create(1.0 / 11);
        series = series * square + Vector256.Create(1.0 / 9);
        series = series * square + Vector256.Create(1.0 / 7);
        series = series * square + Vector256.Create(1.0 / 5);
        series = series * square + Vector256.Create(1.0 / 3);
        return k * Math.Log(2) + (s + s) * (series * square + one);
    }

    /// <summary><c>ln(1 + e^x)</c> of x up to 0, with a relative error below 2e-15; 0 below -708, and NaN where x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LogOfOnePlusExp(Vector512<double> x) => Vector512.Create(LogOfOnePlusExp(x.GetLower()), LogOfOnePlusExp(x.GetUpper()));

    /// <summary>
    /// With the digits that <c>u = 1 + e^x</c> loses put back: <c>ln(u) e^x / (u - 1)</c> (Goldberg, What Every Computer Scientist Should Know, 1991,
    /// theorem 4).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> LogOfOnePlusExp(Vector256<double> x)
    {
        Vector256<double> lowest = Vector256.Create(-708.0), isLow = Vector256.LessThan(x, lowest), one = Vector256<double>.One;
        Vector256<double> e = Exp(Vector256.ConditionalSelect(isLow, lowest, x)), u = one + e;
        Vector256<double> result = Vector256.ConditionalSelect(Vector256.Equals(u, one), e, Log(u) * e / (u - one));
        return Vector256.AndNot(result, isLow);
    }

    /// <summary>
    /// <c>e^x</c> of x from -708 to 0: with <c>x = k ln 2 + r</c> and an integer k, <c>2^k e^r</c> by the power series up to <c>r^13 / 13!</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Exp(Vector256<double> x)
    {
        // A number so large that its last bit stands for 1: adding it rounds, and leaves the integer in the last bits.
        var rounding = Vector256.Create(1.5 * TwoTo52);
        Vector256<double> shifted = x * Vector256.Create(1 / Math.Log(2)) + rounding, k = shifted - rounding;
        Vector256<double> r = x - k * Vector256.Create(Ln2High) - k * Vector256.Create(Ln2Low);

        // Even and odd terms apart, since each step waits for the one before.
        Vector256<double> square = r * r, even = Vector256.Create(1.0 / 479001600), odd = Vector256.Create(1.0 / 6227020800);
        even = even * square + Vector256.Create(1.0 / 3628800);
        odd = odd * square + Vector256.Create(1.0 / 39916800);
        even = even * square + Vector256.Create(1.0 / 40320);
        odd = odd * square + Vector256.Create(1.0 / 362880);
        even = even * square + Vector256.Create(1.0 / 720);
        odd = odd * square + Vector256.Create(1.0 / 5040);
        even = even * square + Vector256.Create(1.0 / 24);
        odd = odd * square + Vector256.Create(1.0 / 120);
        even = even * square + Vector256.Create(1.0 / 2);
        odd = odd * square + Vector256.Create(1.0 / 6);
        Vector256<double> series = (odd * r + even) * square + r + Vector256<double>.One;
        return series * ((shifted.AsInt64() + Vector256.Create(1023L)) << 52).AsDouble();
    }

    /// <summary>The formula of the first sixteen elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Of<TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
        where TFormula : struct, IDoubleFormula
    {
        Vector512<float> first = Vector512.Create(x), second = Vector512.Create(y), third = Vector512.Create(z);
        return Vector512.Narrow(
            formula.Of(Vector512.WidenLower(first), Vector512.WidenLower(second), Vector512.WidenLower(third)),
            formula.Of(Vector512.WidenUpper(first), Vector512.WidenUpper(second), Vector512.WidenUpper(third)));
    }
}
