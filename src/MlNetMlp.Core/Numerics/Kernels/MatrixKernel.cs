using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Goes over the places of a matrix, row after row.</summary>
internal static class MatrixKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TBody>(TBody body, int rows, int columns)
        where TBody : struct, IMatrixBody
    {
        nint start = 0;
        for (int i = 0; i < rows; i++, start += columns)
        {
            int j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
            {
                body.At<TLanes, TVector, WholeVector<TLanes, TVector>>(default, start + j, i, j);
            }

            if (j < columns)
            {
                body.At<TLanes, TVector, StartOfVector<TLanes, TVector>>(new(columns - j), start + j, i, j);
            }
        }
    }
}
