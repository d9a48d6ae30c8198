using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Applies formulas to all elements of spans, by the widest vectors that the processor has.</summary>
/// <remarks>
/// An element's result depends on the operands' elements alone, not on where they stand in a span nor on how long the span is, and has the same
/// bits with all kernels on processors with a fused multiply-add. A result may be an operand itself, but must not overlap it otherwise. All
/// methods throw <see cref="ArgumentException"/> when the lengths differ or the spans overlap in part; empty spans are allowed.
/// </remarks>
internal static unsafe class ElementwiseMath
{
    /// <summary><c>result[i] = f(x[i])</c>.</summary>
    public static void Apply<TFunction>(TFunction function, ReadOnlySpan<float> x, Span<float> result)
        where TFunction : struct, IElementwise
    {
        Check(x, result, nameof(result));
        fixed (float* first = x, target = result)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.Apply(function, first, target, x.Length);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.Apply(function, first, target, x.Length);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.Apply(function, first, target, x.Length);
                    break;
            }
        }
    }

    /// <summary><c>result[i] = f(x[i], y[i])</c>.</summary>
    public static void Apply<TFunction>(TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result)
        where TFunction : struct, IElementwiseOfTwo
    {
        Check(x, result, nameof(result));
        Check(y, result, nameof(result));
        fixed (float* first = x, second = y, target = result)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.ApplyToTwo(function, first, second, target, x.Length);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.ApplyToTwo(function, first, second, target, x.Length);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.ApplyToTwo(function, first, second, target, x.Length);
                    break;
            }
        }
    }

    /// <summary><c>result[i] = f(x[i], y[i], z[i])</c>.</summary>
    public static void Apply<TFunction>(TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result)
        where TFunction : struct, IElementwiseOfThree
    {
        Check(x, result, nameof(result));
        Check(y, result, nameof(result));
        Check(z, result, nameof(result));
        fixed (float* first = x, second = y, third = z, target = result)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.ApplyToThree(function, first, second, third, target, x.Length);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.ApplyToThree(function, first, second, third, target, x.Length);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.ApplyToThree(function, first, second, third, target, x.Length);
                    break;
            }
        }
    }

    /// <summary><c>result[i] = f(x[i] + y[i])</c>, with the bits of an addition followed by f.</summary>
    public static void ApplyToSum<TFunction>(TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result)
        where TFunction : struct, IElementwise => Apply(new OfSum<TFunction>(function), x, y, result);

    /// <summary>
    /// With <c>z[i] = x[i] + y[i]</c>, or <c>x[i]</c> where y is empty: <c>result[i] = f(z[i])</c> and <c>slopes[i] = f'(z[i])</c>. The two results must not
    /// share memory.
    /// </summary>
    public static void ApplyWithSlope<TFunction>(TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, Span<float> slopes)
        where TFunction : struct, IElementwiseWithSlope
    {
        Check(x, result, nameof(result));
        Check(x, slopes, nameof(slopes));
        if (!y.IsEmpty)
        {
            Check(y, result, nameof(result));
            Check(y, slopes, nameof(slopes));
        }

        if (result.Overlaps(slopes))
        {
            Throw.PartialOverlap();
        }

        fixed (float* first = x, second = y, target = result, derivatives = slopes)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.ApplyWithSlope(function, first, second, target, derivatives, x.Length);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.ApplyWithSlope(function, first, second, target, derivatives, x.Length);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.ApplyWithSlope(function, first, second, target, derivatives, x.Length);
                    break;
            }
        }
    }

    private static void Check(ReadOnlySpan<float> operand, Span<float> result, string name)
    {
        Throw.IfLengthsDiffer(operand.Length, result.Length, name);
        if (operand.Overlaps(result, out int offset) && offset != 0)
        {
            Throw.PartialOverlap();
        }
    }

    private readonly struct OfSum<TFunction>(TFunction function) : IElementwiseOfTwo
        where TFunction : struct, IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector y)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => function.Of<TLanes, TVector>(TLanes.Add(x, y));
    }
}
