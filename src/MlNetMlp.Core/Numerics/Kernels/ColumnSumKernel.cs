using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Column sums, four vectors of them in registers while the rows pass by.</summary>
internal static unsafe class ColumnSumKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary><c>sums[j] += sum over i of matrix[i * stride + j]</c>, the rows added one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* matrix, nint stride, int rows, int columns, float* sums)
    {
        int j = 0;
        for (; j <= columns - (4 * TLanes.Count); j += 4 * TLanes.Count)
        {
            float* row = matrix + j;
            float* sum = sums + j;
            TVector a = TLanes.Load(sum), b = TLanes.Load(sum + TLanes.Count);
            TVector c = TLanes.Load(sum + (2 * TLanes.Count)), d = TLanes.Load(sum + (3 * TLanes.Count));
            for (int i = 0; i < rows; i++)
            {
                a = TLanes.Add(a, TLanes.Load(row));
                b = TLanes.Add(b, TLanes.Load(row + TLanes.Count));
                c = TLanes.Add(c, TLanes.Load(row + (2 * TLanes.Count)));
                d = TLanes.Add(d, TLanes.Load(row + (3 * TLanes.Count)));
                row += stride;
            }

            TLanes.Store(sum, a);
            TLanes.Store(sum + TLanes.Count, b);
            TLanes.Store(sum + (2 * TLanes.Count), c);
            TLanes.Store(sum + (3 * TLanes.Count), d);
        }

        for (; j < columns; j += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, columns - j);
            float* row = matrix + j;
            TVector sum = TLanes.LoadFirst(sums + j, count);
            for (int i = 0; i < rows; i++)
            {
                sum = TLanes.Add(sum, TLanes.LoadFirst(row, count));
                row += stride;
            }

            TLanes.StoreFirst(sums + j, sum, count);
        }
    }
}
