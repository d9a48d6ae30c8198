using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Matrix products.</summary>
/// <remarks>
/// <para>
/// Every element of a result is one chain of fused multiply-adds, <c>sum = fma(left(i, k), right(k, j), sum)</c> with k ascending and
/// sum starting at 0, and then the epilogue. How the work is cut does not enter: the bits are the same for any number of threads,
/// for a row alone and in a block, for a packed right operand and a plain one, and for all kernels (see <see cref="PortableLanes"/>
/// for processors without a fused multiply-add). NaN and infinity spread as the arithmetic has it; a sum of no terms is 0.
/// </para>
/// <para>
/// Any extent may be 0. All methods throw <see cref="ArgumentException"/> when the shapes do not fit or the result shares memory with
/// an operand, and <see cref="InvalidOperationException"/> when the team is in use.
/// </para>
/// </remarks>
internal static unsafe class MatMul
{
    /// <summary><c>result = left * right</c>: <c>[m, k] * [k, n] = [m, n]</c>.</summary>
    public static void Multiply<TEpilogue>(
        ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        if (left.Columns != right.Rows || result.Rows != left.Rows || result.Columns != right.Columns)
        {
            Throw.ProductShapes("left * right", left, right, result);
        }

        Product product = new() { Rows = left.Rows, Columns = right.Columns, Depth = left.Columns };
        Multiply(product, left, right, result, team, epilogue);
    }

    /// <summary><c>result = left * right^T</c>: <c>[m, k] * [n, k]^T = [m, n]</c>.</summary>
    public static void MultiplyTransposed(ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team)
    {
        if (left.Columns != right.Columns || result.Rows != left.Rows || result.Columns != right.Rows)
        {
            Throw.ProductShapes("left * right^T", left, right, result);
        }

        Product product = new() { Rows = left.Rows, Columns = right.Rows, Depth = left.Columns, RightLayout = Layout.Transposed };
        Multiply(product, left, right, result, team, default(NoEpilogue));
    }

    /// <summary><c>result = left^T * right</c>: <c>[k, m]^T * [k, n] = [m, n]</c>.</summary>
    public static void TransposedMultiply(ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team)
    {
        if (left.Rows != right.Rows || result.Rows != left.Columns || result.Columns != right.Columns)
        {
            Throw.ProductShapes("left^T * right", left, right, result);
        }

        Product product = new() { Rows = left.Columns, Columns = right.Columns, Depth = left.Rows, LeftLayout = Layout.Transposed };
        Multiply(product, left, right, result, team, default(NoEpilogue));
    }

    /// <summary><c>result = left * right</c>: <c>[m, k] * [k, n] = [m, n]</c>, on the caller's thread.</summary>
    /// <remarks>Allocates nothing, and any number of threads may call it at once with the same <paramref name="right"/>.</remarks>
    public static void Multiply<TEpilogue>(ReadOnlyMatrixSpan left, PackedMatrix right, MatrixSpan result, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        if (left.Columns != right.Rows || result.Rows != left.Rows || result.Columns != right.Columns)
        {
            Throw.ProductShapes("left * right", left, (right.Rows, right.Columns), result);
        }

        if (result.Values.Overlaps(left.Values))
        {
            Throw.ResultOverlaps();
        }

        fixed (float* leftPointer = left.Values, resultPointer = result.Values)
        {
            if (left.Rows == 1)
            {
                Row(leftPointer, right, resultPointer);
                epilogue.Apply(result.Values, 0, 0);
                GC.KeepAlive(right);
                return;
            }

            Product product = new() { Rows = left.Rows, Columns = right.Columns, Depth = left.Columns, RightLayout = Layout.Panels };
            product.Left = leftPointer;
            product.Right = right.Pointer;
            product.Result = resultPointer;
            Run(right.Kernel, product, null, epilogue);
        }

        GC.KeepAlive(right);
    }

    /// <summary>A single row needs none of the preparations of a block, which would cost more than a small product.</summary>
    private static void Row(float* left, PackedMatrix right, float* result)
    {
        switch (right.Kernel)
        {
            case KernelSet.Avx512:
                RowKernel<Avx512Lanes, Vector512<float>>.Multiply(left, right, result);
                break;
            case KernelSet.Avx2:
                RowKernel<Avx2Lanes, Vector256<float>>.Multiply(left, right, result);
                break;
            default:
                RowKernel<PortableLanes, Vector128<float>>.Multiply(left, right, result);
                break;
        }
    }

    private static void Multiply<TEpilogue>(
        Product product, ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        ArgumentNullException.ThrowIfNull(team);
        if (result.Values.Overlaps(left.Values) || result.Values.Overlaps(right.Values))
        {
            Throw.ResultOverlaps();
        }

        fixed (float* leftPointer = left.Values, rightPointer = right.Values, resultPointer = result.Values)
        {
            product.Left = leftPointer;
            product.Right = rightPointer;
            product.Result = resultPointer;
            if (product.Columns != 1)
            {
                Run(InstructionSet.Active, product, team, epilogue);
            }
            else if (typeof(TEpilogue) == typeof(NoEpilogue))
            {
                Run(InstructionSet.Active, AsRow(product), team, default(NoEpilogue));
            }
            else
            {
                Run(InstructionSet.Active, AsRow(product), team, new ColumnEpilogue<TEpilogue>(epilogue));
            }
        }
    }

    /// <summary>
    /// A column <c>left * right</c> as the row <c>right^T * left^T</c>: the same sums at the same places in memory, but now they
    /// fill vectors.
    /// </summary>
    private static Product AsRow(in Product product) => new()
    {
        Rows = 1,
        Columns = product.Rows,
        Depth = product.Depth,
        Left = product.Right,
        Right = product.Left,
        Result = product.Result,
        RightLayout = product.LeftLayout == Layout.Transposed ? Layout.RowMajor : Layout.Transposed,
    };

    private static void Run<TEpilogue>(KernelSet kernel, in Product product, ThreadTeam? team, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        switch (kernel)
        {
            case KernelSet.Avx512:
                ProductBody<Avx512Lanes, Vector512<float>, TEpilogue>.Run(product, team, epilogue);
                break;
            case KernelSet.Avx2:
                ProductBody<Avx2Lanes, Vector256<float>, TEpilogue>.Run(product, team, epilogue);
                break;
            default:
                ProductBody<PortableLanes, Vector128<float>, TEpilogue>.Run(product, team, epilogue);
                break;
        }
    }
}
