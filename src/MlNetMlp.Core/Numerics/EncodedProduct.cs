using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>
/// Products of encoded rows with the weights of a layer, for the members of a shared ensemble: <c>Y[m rows + i, c] = sum over a R[m, f] V[a, c]</c>, where a
/// are the features f of row i that are not zero and V their vectors, see <see cref="EncodedEntry"/>.
/// </summary>
/// <remarks>
/// A feature takes as much time as two or three of its columns, however many bins it has, and its vector is the same for all members. Every sum has its
/// order, whatever the threads and the kernel.
/// </remarks>
internal static unsafe class EncodedProduct
{
    /// <summary>A sum over columns is split into so many, column c in number c % 16, which are added at the end: no vector is longer.</summary>
    public const int Lanes = 16;

    /// <summary>The columns that one thread does in a backward step.</summary>
    public const int TileColumns = 32;

    /// <summary>The length of a row of a table that has so many columns: whole vectors.</summary>
    public static int Stride(int columns) => (columns + Lanes - 1) / Lanes * Lanes;

    /// <summary>Computes the vectors of the features of a row; see <see cref="EncodedProductKernel{TLanes, TVector}.Embed"/>.</summary>
    public static void Embed(EncodedEntry* entries, int count, float* table, nint stride, float* vectors)
    {
        switch (InstructionSet.Active)
        {
            case KernelSet.Avx512:
                EncodedProductKernel<Avx512Lanes, Vector512<float>>.Embed(entries, count, table, stride, vectors);
                break;
            case KernelSet.Avx2:
                EncodedProductKernel<Avx2Lanes, Vector256<float>>.Embed(entries, count, table, stride, vectors);
                break;
            default:
                EncodedProductKernel<PortableLanes, Vector128<float>>.Embed(entries, count, table, stride, vectors);
                break;
        }
    }

    /// <summary>Computes the sums of a row for one member; see <see cref="EncodedProductKernel{TLanes, TVector}.Sum"/>.</summary>
    public static void Sum(EncodedEntry* entries, int count, float* vectors, nint stride, float* scales, float* result, int columns)
    {
        switch (InstructionSet.Active)
        {
            case KernelSet.Avx512:
                EncodedProductKernel<Avx512Lanes, Vector512<float>>.Sum(entries, count, vectors, stride, scales, result, columns);
                break;
            case KernelSet.Avx2:
                EncodedProductKernel<Avx2Lanes, Vector256<float>>.Sum(entries, count, vectors, stride, scales, result, columns);
                break;
            default:
                EncodedProductKernel<PortableLanes, Vector128<float>>.Sum(entries, count, vectors, stride, scales, result, columns);
                break;
        }
    }

    /// <summary>The backward step of some rows for some columns; see <see cref="EncodedProductKernel{TLanes, TVector}.Backward"/>.</summary>
    public static void Backward(in EncodedGradient work, int rows, int first, int columns, float* scaleSums)
    {
        switch (InstructionSet.Active)
        {
            case KernelSet.Avx512:
                EncodedProductKernel<Avx512Lanes, Vector512<float>>.Backward(work, rows, first, columns, scaleSums);
                break;
            case KernelSet.Avx2:
                EncodedProductKernel<Avx2Lanes, Vector256<float>>.Backward(work, rows, first, columns, scaleSums);
                break;
            default:
                EncodedProductKernel<PortableLanes, Vector128<float>>.Backward(work, rows, first, columns, scaleSums);
                break;
        }
    }
}
