using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Operations with several operands on all elements of a matrix in one pass, by the widest vectors that the processor has.</summary>
/// <remarks>The bits are the same with all kernels on processors with a fused multiply-add. Callers see to it that the operands are long enough.</remarks>
internal static unsafe class MatrixMath
{
    /// <summary>Does what the body says at every place of a matrix.</summary>
    public static void Run<TBody>(TBody body, int rows, int columns)
        where TBody : struct, IMatrixBody
    {
        switch (InstructionSet.Active)
        {
            case KernelSet.Avx512:
                MatrixKernel<Avx512Lanes, Vector512<float>>.Run(body, rows, columns);
                break;
            case KernelSet.Avx2:
                MatrixKernel<Avx2Lanes, Vector256<float>>.Run(body, rows, columns);
                break;
            default:
                MatrixKernel<PortableLanes, Vector128<float>>.Run(body, rows, columns);
                break;
        }
    }

    /// <summary><c>sums[j] += sum over i of term(i, j)</c>, the rows added one after the other.</summary>
    /// <param name="term">What is summed.</param>
    /// <param name="stride">How far the rows of its matrices are apart.</param>
    /// <param name="rows">The number of rows; without any nothing changes.</param>
    /// <param name="sums">[columns], added to.</param>
    public static void AddColumnSums<TTerm>(TTerm term, nint stride, int rows, Span<float> sums)
        where TTerm : struct, IColumnTerm
    {
        fixed (float* target = sums)
        {
            switch (InstructionSet.Active)
            {
                case KernelSet.Avx512:
                    ColumnSumKernel<Avx512Lanes, Vector512<float>>.Add(term, stride, rows, sums.Length, target);
                    break;
                case KernelSet.Avx2:
                    ColumnSumKernel<Avx2Lanes, Vector256<float>>.Add(term, stride, rows, sums.Length, target);
                    break;
                default:
                    ColumnSumKernel<PortableLanes, Vector128<float>>.Add(term, stride, rows, sums.Length, target);
                    break;
            }
        }
    }

    /// <summary>The elements of a matrix.</summary>
    public readonly struct Elements(float* matrix) : IColumnTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector> => access.Load(matrix + at);
    }

    /// <summary>The products of the elements of two matrices.</summary>
    public readonly struct Products(float* left, float* right) : IColumnTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector> => TLanes.Multiply(access.Load(left + at), access.Load(right + at));
    }
}
