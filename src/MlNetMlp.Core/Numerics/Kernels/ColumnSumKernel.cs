using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Column sums, four vectors of them in registers while the rows pass by.</summary>
internal static unsafe class ColumnSumKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary><c>sums[j] += sum over i of term(i * stride + j)</c>, the rows added one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TTerm>(TTerm term, nint stride, int rows, int columns, float* sums)
        where TTerm : struct, IColumnTerm
    {
        int j = 0, width = TLanes.Count;
        for (; j <= columns - (4 * TLanes.Count); j += 4 * TLanes.Count)
        {
            float* sum = sums + j;
            TVector a = TLanes.Load(sum), b = TLanes.Load(sum + width), c = TLanes.Load(sum + (2 * width)), d = TLanes.Load(sum + (3 * width));
            nint at = j;
            for (int i = 0; i < rows; i++)
            {
                a = TLanes.Add(a, Whole(term, at, i, j));
                b = TLanes.Add(b, Whole(term, at + width, i, j + width));
                c = TLanes.Add(c, Whole(term, at + (2 * width), i, j + (2 * width)));
                d = TLanes.Add(d, Whole(term, at + (3 * width), i, j + (3 * width)));
                at += stride;
            }

            TLanes.Store(sum, a);
            TLanes.Store(sum + width, b);
            TLanes.Store(sum + (2 * width), c);
            TLanes.Store(sum + (3 * width), d);
        }

        for (; j < columns; j += TLanes.Count)
        {
            StartOfVector<TLanes, TVector> access = new(Math.Min(TLanes.Count, columns - j));
            TVector sum = access.Load(sums + j);
            nint at = j;
            for (int i = 0; i < rows; i++)
            {
                sum = TLanes.Add(sum, term.At<TLanes, TVector, StartOfVector<TLanes, TVector>>(access, at, i, j));
                at += stride;
            }

            access.Store(sums + j, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Whole<TTerm>(TTerm term, nint at, int row, int column)
        where TTerm : struct, IColumnTerm => term.At<TLanes, TVector, WholeVector<TLanes, TVector>>(default, at, row, column);
}
