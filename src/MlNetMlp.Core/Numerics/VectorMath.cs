using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Elementary functions of every element of a span.</summary>
/// <remarks>
/// An element's result depends on the element alone, not on where it stands in a span nor on how long the span is, and the relative
/// error is a few units in the last place over the whole range, also near 0, in saturation and among subnormal results. NaN gives
/// NaN. <c>y</c> may be <c>x</c> itself, but must not overlap it otherwise. All throw <see cref="ArgumentException"/> when the lengths
/// differ or the spans overlap in part; empty spans are allowed.
/// </remarks>
internal static class VectorMath
{
    /// <summary>2^-126, the least positive number that is not subnormal; on most processors every operation on a lesser one takes many times as long.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    /// <summary><c>y[i] = e^x[i]</c>.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => ElementwiseMath.Apply(default(ExpFunction), x, y);

    /// <summary><c>y[i] = e^x[i] - 1</c>.</summary>
    public static void Expm1(ReadOnlySpan<float> x, Span<float> y) => ElementwiseMath.Apply(default(Expm1Function), x, y);

    /// <summary><c>y[i] = tanh(x[i])</c>.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => ElementwiseMath.Apply(default(TanhFunction), x, y);

    /// <summary><c>y[i] = 1 / (1 + e^-x[i])</c>.</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => ElementwiseMath.Apply(default(SigmoidFunction), x, y);

    /// <summary><c>y[i]</c> = 1 where <c>x[i]</c> is positive, -1 where it is negative, <c>x[i]</c> itself where it is 0 or -0.</summary>
    public static void Sign(ReadOnlySpan<float> x, Span<float> y) => ElementwiseMath.Apply(default(SignFunction), x, y);

    /// <summary><c>result[i] = x[i] y[i]</c>.</summary>
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result) => ElementwiseMath.Apply(default(Product), x, y, result);

    private readonly struct Product : IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector y)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Multiply(x, y);
    }

    private readonly struct ExpFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Exp<TLanes, TVector>(x);
    }

    private readonly struct Expm1Function : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            // Through the sign, so that -0 stays -0.
            TLanes.CopySign(Exponential.Expm1<TLanes, TVector>(x), x);
    }

    private readonly struct TanhFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Tanh<TLanes, TVector>(x);
    }

    private readonly struct SigmoidFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Sigmoid<TLanes, TVector>(x);
    }

    private readonly struct SignFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector zero = TLanes.Broadcast(0);
            return TLanes.IfGreater(x, zero, TLanes.Broadcast(1), TLanes.IfGreater(zero, x, TLanes.Broadcast(-1), x));
        }
    }
}
