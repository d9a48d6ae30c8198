using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The exponential function and what is made of it, over vectors.</summary>
/// <remarks>
/// All start from <c>x = n ln 2 + r</c> with an integer n and <c>|r| &lt;= ln(2) / 2</c>, and from <c>e^r - 1</c> by its power series.
/// Every step is one rounded operation per element, so all instruction sets with a fused multiply-add give the same bits.
/// </remarks>
internal static class Exponential
{
    /// <summary>Below, <c>e^x</c> rounds to 0; well inside what <see cref="ILanes{TVector}.Scale"/> can do.</summary>
    private const float Lowest = -104;

    /// <summary>Above, <c>e^x</c> is infinite.</summary>
    private const float Highest = 89;

    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has 15 bits, so its product with n is exact even where the fused operation is not there.
    private const float Ln2High = 0.693145752f;
    private const float Ln2Low = 1.42860677e-6f;

    /// <summary><c>e^x</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector fraction = Reduce<TLanes, TVector>(x, out TVector power);
        return TLanes.Scale(TLanes.Add(TLanes.Broadcast(1), fraction), power);
    }

    /// <summary><c>e^x - 1</c>, accurate near 0 as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Expm1<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // 2^n (e^r - 1) + (2^n - 1); beyond 2^25 the 1 is lost in rounding, and 2^128 would be infinite too early.
        TVector fraction = Reduce<TLanes, TVector>(x, out TVector power);
        TVector one = TLanes.Broadcast(1);
        TVector scale = TLanes.Scale(one, power);
        TVector small = TLanes.MultiplyAdd(scale, fraction, TLanes.Subtract(scale, one));
        TVector large = TLanes.Scale(TLanes.Add(one, fraction), power);
        return TLanes.IfGreater(power, TLanes.Broadcast(25), large, small);
    }

    /// <summary><c>e^x - 1</c> for x in [-104, 88], with the bits of <c>Expm1</c>; NaN where x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Expm1InRange<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector fraction = Split<TLanes, TVector>(x, out TVector power);
        TVector one = TLanes.Broadcast(1), scale = TLanes.Scale(one, power);
        return TLanes.MultiplyAdd(scale, fraction, TLanes.Subtract(scale, one));
    }

    /// <summary><c>tanh(x)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // (e^2x - 1) / (e^2x + 1) without cancellation; from 10 on it rounds to 1, and infinity over infinity is avoided.
        TVector magnitude = Magnitude<TLanes, TVector>(x, 10);
        TVector t = Expm1InRange<TLanes, TVector>(TLanes.Add(magnitude, magnitude));
        return TLanes.CopySign(TLanes.Divide(t, TLanes.Add(t, TLanes.Broadcast(2))), x);
    }

    /// <summary><c>1 / (1 + e^-x)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // e^-|x| cannot overflow: 1 / (1 + e^-|x|) on the right, e^-|x| / (1 + e^-|x|) on the left.
        TVector one = TLanes.Broadcast(1), zero = TLanes.Broadcast(0);
        TVector negative = TLanes.Subtract(zero, Magnitude<TLanes, TVector>(x, -Lowest));
        TVector e = TLanes.Add(one, Split<TLanes, TVector>(negative, out TVector power));
        e = TLanes.Scale(e, power);
        return TLanes.Divide(TLanes.IfGreater(zero, x, e, one), TLanes.Add(one, e));
    }

    /// <summary>The lesser of <c>|x|</c> and a bound; NaN where x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Magnitude<TLanes, TVector>(TVector x, float bound)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // By a comparison, which takes fewer instructions than a minimum that minds NaN and the sign of zero.
        TVector magnitude = TLanes.Abs(x), largest = TLanes.Broadcast(bound);
        return TLanes.IfGreater(magnitude, largest, largest, magnitude);
    }

    /// <summary>
    /// <c>x = power ln 2 + r</c>; returns <c>e^r - 1</c>. For x in [-110, 89], so that <see cref="ILanes{TVector}.Scale"/> can do the rest; NaN where
    /// x is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Split<TLanes, TVector>(TVector x, out TVector power)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        power = TLanes.Round(TLanes.Multiply(x, TLanes.Broadcast(Log2E)));
        return Series<TLanes, TVector>(Remainder<TLanes, TVector>(x, power));
    }

    /// <summary>The same for <c>e^(x + low)</c> with a <paramref name="low"/> that is lost when added to x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Split<TLanes, TVector>(TVector x, TVector low, out TVector power)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        power = TLanes.Round(TLanes.Multiply(x, TLanes.Broadcast(Log2E)));
        return Series<TLanes, TVector>(TLanes.Add(Remainder<TLanes, TVector>(x, power), low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce<TLanes, TVector>(TVector x, out TVector power)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        Split<TLanes, TVector>(TLanes.Max(TLanes.Min(x, TLanes.Broadcast(Highest)), TLanes.Broadcast(Lowest)), out power);

    /// <summary><c>x - power ln 2</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder<TLanes, TVector>(TVector x, TVector power)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.MultiplyAdd(power, TLanes.Broadcast(-Ln2Low), TLanes.MultiplyAdd(power, TLanes.Broadcast(-Ln2High), x));

    /// <summary><c>e^r - 1</c> by the power series up to r^7 / 7!; the next term is below a tenth of a unit in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Series<TLanes, TVector>(TVector r)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sum = TLanes.Broadcast(1f / 5040);
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1f / 720));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1f / 120));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1f / 24));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1f / 6));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1f / 2));
        return TLanes.MultiplyAdd(TLanes.Multiply(sum, r), r, r);
    }
}
