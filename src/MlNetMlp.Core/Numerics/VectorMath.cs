using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Elementary functions of every element of a span.</summary>
/// <remarks>
/// An element's result depends on the element alone, not on where it stands in a span nor on how long the span is, and the relative
/// error is a few units in the last place over the whole range, also near 0, in saturation and among subnormal results. NaN gives
/// NaN. <c>y</c> may be <c>x</c> itself, but must not overlap it otherwise. All throw <see cref="ArgumentException"/> when the lengths
/// differ or the spans overlap in part; empty spans are allowed.
/// </remarks>
internal static unsafe class VectorMath
{
    /// <summary><c>y[i] = e^x[i]</c>.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => Apply<ExpFunction>(x, y);

    /// <summary><c>y[i] = e^x[i] - 1</c>.</summary>
    public static void Expm1(ReadOnlySpan<float> x, Span<float> y) => Apply<Expm1Function>(x, y);

    /// <summary><c>y[i] = tanh(x[i])</c>.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Apply<TanhFunction>(x, y);

    /// <summary><c>y[i] = 1 / (1 + e^-x[i])</c>.</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Apply<SigmoidFunction>(x, y);

    /// <summary><c>y[i] = ln(1 + e^x[i])</c>: the logistic loss of a logit <c>-x</c>.</summary>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y) => Apply<SoftplusFunction>(x, y);

    /// <summary><c>y[i]</c> = 1 where <c>x[i]</c> is positive, -1 where it is negative, <c>x[i]</c> itself where it is 0 or -0.</summary>
    public static void Sign(ReadOnlySpan<float> x, Span<float> y) => Apply<SignFunction>(x, y);

    private static void Apply<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IElementwise
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        if (x.Overlaps(y, out int offset) && offset != 0)
        {
            Throw.PartialOverlap();
        }

        fixed (float* source = x, target = y)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.Apply<TFunction>(source, target, x.Length);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.Apply<TFunction>(source, target, x.Length);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.Apply<TFunction>(source, target, x.Length);
                    break;
            }
        }
    }

    private readonly struct ExpFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Exp<TLanes, TVector>(x);
    }

    private readonly struct Expm1Function : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            // Through the sign, so that -0 stays -0.
            TLanes.CopySign(Exponential.Expm1<TLanes, TVector>(x), x);
    }

    private readonly struct TanhFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            // (e^2x - 1) / (e^2x + 1) without cancellation; from 10 on it rounds to 1, and infinity over infinity is avoided.
            TVector magnitude = TLanes.Min(TLanes.Abs(x), TLanes.Broadcast(10));
            TVector t = Exponential.Expm1<TLanes, TVector>(TLanes.Add(magnitude, magnitude));
            return TLanes.CopySign(TLanes.Divide(t, TLanes.Add(t, TLanes.Broadcast(2))), x);
        }
    }

    private readonly struct SigmoidFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            // e^-|x| cannot overflow: 1 / (1 + e^-|x|) on the right, e^-|x| / (1 + e^-|x|) on the left.
            TVector one = TLanes.Broadcast(1), zero = TLanes.Broadcast(0);
            TVector e = Exponential.Exp<TLanes, TVector>(TLanes.Subtract(zero, TLanes.Abs(x)));
            return TLanes.Divide(TLanes.IfGreater(zero, x, e, one), TLanes.Add(one, e));
        }
    }

    private readonly struct SignFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector zero = TLanes.Broadcast(0);
            return TLanes.IfGreater(x, zero, TLanes.Broadcast(1), TLanes.IfGreater(zero, x, TLanes.Broadcast(-1), x));
        }
    }

    private readonly struct SoftplusFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            // max(x, 0) + ln(1 + e), e = e^-|x|; and ln(1 + e) = 2 artanh(s), s = e / (2 + e) <= 1/3, by the series of artanh.
            TVector zero = TLanes.Broadcast(0);
            TVector e = Exponential.Exp<TLanes, TVector>(TLanes.Subtract(zero, TLanes.Abs(x)));
            TVector s = TLanes.Divide(e, TLanes.Add(e, TLanes.Broadcast(2)));
            TVector square = TLanes.Multiply(s, s);
            TVector sum = TLanes.Broadcast(2f / 15);
            sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(2f / 13));
            sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(2f / 11));
            sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(2f / 9));
            sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(2f / 7));
            sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(2f / 5));
            sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(2f / 3));
            TVector logarithm = TLanes.MultiplyAdd(TLanes.Multiply(sum, square), s, TLanes.Add(s, s));
            return TLanes.Add(TLanes.Max(x, zero), logarithm);
        }
    }
}
