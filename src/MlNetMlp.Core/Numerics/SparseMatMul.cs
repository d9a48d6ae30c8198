using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Products of a sparse matrix with a dense one.</summary>
/// <remarks>
/// Every element of a result is the chain of fused multiply-adds of <see cref="MatMul"/> without the terms that are not stored, in the order
/// in which the others are. A term of zero changes no sum (but for the sign of a sum that is zero), so where the other operand is finite the
/// bits are those of the dense product, on any number of threads and with all kernels.
/// </remarks>
internal static unsafe class SparseMatMul
{
    /// <summary><c>result = left * right</c>: <c>[m, k] * [k, n] = [m, n]</c>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the result shares memory with the right operand.</exception>
    public static void Multiply<TEpilogue>(SparseSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        if (left.Columns != right.Rows || result.Rows != left.Rows || result.Columns != right.Columns)
        {
            Throw.ProductShapes("left * right", (left.Rows, left.Columns), right, result);
        }

        Run(left, right, [], result, team, epilogue);
    }

    /// <summary>Row <c>i</c> of <c>left * right</c> becomes row <c>rows[i]</c> of the result; its other rows stay as they are.</summary>
    /// <param name="left">[m, k].</param>
    /// <param name="right">[k, n].</param>
    /// <param name="rows">[m], all different.</param>
    /// <param name="result">[any, n].</param>
    /// <param name="team">The threads.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the result shares memory with the right operand.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row is not one of the result.</exception>
    public static void MultiplyInto(SparseSpan left, ReadOnlyMatrixSpan right, ReadOnlySpan<int> rows, MatrixSpan result, ThreadTeam team)
    {
        if (left.Columns != right.Rows || rows.Length != left.Rows || result.Columns != right.Columns)
        {
            Throw.ProductShapes("left * right", (left.Rows, left.Columns), right, result);
        }

        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)result.Rows, nameof(rows));
        }

        Run(left, right, rows, result, team, default(NoEpilogue));
    }

    /// <summary><c>result = left * right</c> for one row: <c>[1, k] * [k, n] = [1, n]</c>, on the caller's thread.</summary>
    /// <remarks>Allocates nothing, and any number of threads may call it at once with the same <paramref name="right"/>.</remarks>
    public static void Multiply<TEpilogue>(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, PackedMatrix right, Span<float> result, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        Throw.IfLengthsDiffer(right.Columns, result.Length, nameof(result));
        Throw.IfLengthsDiffer(indices.Length, values.Length, nameof(values));
        fixed (int* indexPointer = indices)
        fixed (float* valuePointer = values, resultPointer = result)
        {
            SparseRow row = new() { Indices = indexPointer, Values = valuePointer, Count = indices.Length };
            switch (right.Kernel)
            {
                case KernelSet.Avx512:
                    SparseRowKernel<Avx512Lanes, Vector512<float>>.Multiply(row, right, resultPointer);
                    break;
                case KernelSet.Avx2:
                    SparseRowKernel<Avx2Lanes, Vector256<float>>.Multiply(row, right, resultPointer);
                    break;
                default:
                    SparseRowKernel<PortableLanes, Vector128<float>>.Multiply(row, right, resultPointer);
                    break;
            }
        }

        epilogue.Apply(result, 0, 0);
        GC.KeepAlive(right);
    }

    private static void Run<TEpilogue>(
        SparseSpan left, ReadOnlyMatrixSpan right, ReadOnlySpan<int> rows, MatrixSpan result, ThreadTeam team, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        if (result.Values.Overlaps(right.Values))
        {
            Throw.ResultOverlaps();
        }

        fixed (int* offsets = left.Offsets, indices = left.Indices, targets = rows)
        fixed (float* values = left.Values, rightPointer = right.Values, resultPointer = result.Values)
        {
            SparseProduct product = new()
            {
                Offsets = offsets,
                Indices = indices,
                Values = values,
                Rows = left.Rows,
                Right = rightPointer,
                Columns = right.Columns,
                Result = resultPointer,
                ResultRows = rows.IsEmpty ? null : targets,
            };
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    SparseProductBody<Avx512Lanes, Vector512<float>, TEpilogue>.Run(product, team, epilogue);
                    break;
                case KernelSet.Avx2:
                    SparseProductBody<Avx2Lanes, Vector256<float>, TEpilogue>.Run(product, team, epilogue);
                    break;
                default:
                    SparseProductBody<PortableLanes, Vector128<float>, TEpilogue>.Run(product, team, epilogue);
                    break;
            }
        }
    }
}
