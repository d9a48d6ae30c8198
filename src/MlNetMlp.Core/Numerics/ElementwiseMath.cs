using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Applies formulas to all elements of spans, by the widest vectors that the processor has.</summary>
/// <remarks>
/// An element's result depends on the operands' elements alone, not on where they stand in a span nor on how long the span is, and has the same
/// bits with all kernels on processors with a fused multiply-add. A result may be an operand itself, but must not overlap it otherwise. All
/// methods throw <see cref="ArgumentException"/> when the lengths do not fit or the spans overlap in part; empty spans are allowed.
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

    /// <summary><c>x[i, j] = f(x[i, j] + y[j])</c> for rows as long as y, with the bits of an addition followed by f.</summary>
    public static void ApplyToSum<TFunction>(TFunction function, Span<float> x, ReadOnlySpan<float> y)
        where TFunction : struct, IElementwise
    {
        if (y.Length == 1)
        {
            Apply(new OfSumWith<TFunction>(function, y[0]), x, x);
            return;
        }

        CheckRows(y, x, nameof(x));
        fixed (float* values = x, added = y)
        {
            OfSum<TFunction> ofSum = new(function);
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.ApplyToRows(ofSum, values, added, x.Length, y.Length);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.ApplyToRows(ofSum, values, added, x.Length, y.Length);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.ApplyToRows(ofSum, values, added, x.Length, y.Length);
                    break;
            }
        }
    }

    /// <summary>
    /// With <c>z[i, j] = x[i, j] + y[j]</c> for rows as long as y, or <c>x[i, j]</c> where y is empty: <c>result[i, j] = f(z[i, j])</c> and
    /// <c>slopes[i, j] = f'(z[i, j])</c>. The two results must not share memory.
    /// </summary>
    public static void ApplyWithSlope<TFunction>(TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, Span<float> slopes)
        where TFunction : struct, IElementwiseWithSlope
    {
        Check(x, result, nameof(result));
        Check(x, slopes, nameof(slopes));
        if (!y.IsEmpty)
        {
            CheckRows(y, result, nameof(result));
            CheckRows(y, slopes, nameof(slopes));
        }

        if (result.Overlaps(slopes))
        {
            Throw.PartialOverlap();
        }

        int columns = y.IsEmpty ? x.Length : y.Length;
        fixed (float* first = x, second = y, target = result, derivatives = slopes)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ElementwiseKernel<Avx512Lanes, Vector512<float>>.ApplyToRowsWithSlope(
                        function, first, second, target, derivatives, x.Length, columns);
                    break;
                case KernelSet.Avx2:
                    ElementwiseKernel<Avx2Lanes, Vector256<float>>.ApplyToRowsWithSlope(
                        function, first, second, target, derivatives, x.Length, columns);
                    break;
                default:
                    ElementwiseKernel<PortableLanes, Vector128<float>>.ApplyToRowsWithSlope(
                        function, first, second, target, derivatives, x.Length, columns);
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

    /// <summary>The second operand is one row, the result is as many of them as there are.</summary>
    private static void CheckRows(ReadOnlySpan<float> operand, Span<float> result, string name)
    {
        if (operand.Length != result.Length && (operand.IsEmpty || result.Length % operand.Length != 0))
        {
            Throw.IfLengthsDiffer(operand.Length, result.Length, name);
        }

        if (operand.Overlaps(result, out int offset) && (offset != 0 || operand.Length != result.Length))
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

    private readonly struct OfSumWith<TFunction>(TFunction function, float y) : IElementwise
        where TFunction : struct, IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => function.Of<TLanes, TVector>(TLanes.Add(x, TLanes.Broadcast(y)));
    }
}
