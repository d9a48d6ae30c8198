using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The innermost loop of sparse products: one row, <c>result[c] = sum over n of Values[n] * right[Indices[n], c]</c>.</summary>
/// <remarks>
/// Strips of up to four vectors of columns, whose sums stay in registers while the elements of the row pass by: the lines of the right
/// operand come from anywhere in memory, and four loads from each keep more of them under way than one would.
/// </remarks>
internal static unsafe class SparseRowKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <param name="row">The elements.</param>
    /// <param name="right">Element <c>(k, c)</c> is <c>right[k * stride + c]</c>.</param>
    /// <param name="stride">The distance of two rows of <paramref name="right"/>.</param>
    /// <param name="result">Receives the sums.</param>
    /// <param name="columns">How many columns to compute; nothing beyond them is read or written.</param>
    public static void Multiply(in SparseRow row, float* right, nint stride, float* result, int columns)
    {
        int width = TLanes.Count;
        for (; columns > 0; columns -= 4 * width)
        {
            if (columns > 3 * width)
            {
                Strip<Four>(row, right, stride, result, Math.Min(columns - (3 * width), width));
            }
            else if (columns > 2 * width)
            {
                Strip<Three>(row, right, stride, result, columns - (2 * width));
            }
            else if (columns > width)
            {
                Strip<Two>(row, right, stride, result, columns - width);
            }
            else
            {
                Strip<One>(row, right, stride, result, columns);
            }

            right += 4 * width;
            result += 4 * width;
        }
    }

    /// <summary>The same with a right operand in panels, each <c>[rows, TileColumns]</c>.</summary>
    public static void Multiply(in SparseRow row, PackedMatrix right, float* result)
    {
        int panelColumns = TileKernel<TLanes, TVector>.TileColumns;
        float* panel = right.Pointer;
        for (int column = 0; column < right.Columns; column += panelColumns)
        {
            Multiply(row, panel, panelColumns, result + column, Math.Min(panelColumns, right.Columns - column));
            panel += (nint)right.Rows * panelColumns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip<TVectors>(in SparseRow row, float* right, nint stride, float* result, int lastColumns)
        where TVectors : struct, IConstant
    {
        int* indices = row.Indices;
        float* values = row.Values;
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (int n = row.Count; n > 0; n--)
        {
            float* source = right + (*indices * stride);
            TVector factor = TLanes.Broadcast(*values);
            sum0 = TLanes.MultiplyAdd(factor, Load<TVectors, One>(source, lastColumns), sum0);
            if (TVectors.Value > 1)
            {
                sum1 = TLanes.MultiplyAdd(factor, Load<TVectors, Two>(source, lastColumns), sum1);
            }

            if (TVectors.Value > 2)
            {
                sum2 = TLanes.MultiplyAdd(factor, Load<TVectors, Three>(source, lastColumns), sum2);
            }

            if (TVectors.Value > 3)
            {
                sum3 = TLanes.MultiplyAdd(factor, Load<TVectors, Four>(source, lastColumns), sum3);
            }

            indices++;
            values++;
        }

        Store<TVectors, One>(result, sum0, lastColumns);
        if (TVectors.Value > 1)
        {
            Store<TVectors, Two>(result, sum1, lastColumns);
        }

        if (TVectors.Value > 2)
        {
            Store<TVectors, Three>(result, sum2, lastColumns);
        }

        if (TVectors.Value > 3)
        {
            Store<TVectors, Four>(result, sum3, lastColumns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TVectors, TNumber>(float* source, int lastColumns)
        where TVectors : struct, IConstant
        where TNumber : struct, IConstant
    {
        source += (TNumber.Value - 1) * TLanes.Count;
        return TNumber.Value < TVectors.Value || lastColumns == TLanes.Count ? TLanes.Load(source) : TLanes.LoadFirst(source, lastColumns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors, TNumber>(float* result, TVector sum, int lastColumns)
        where TVectors : struct, IConstant
        where TNumber : struct, IConstant =>
        TLanes.StoreFirst(result + ((TNumber.Value - 1) * TLanes.Count), sum, TNumber.Value < TVectors.Value ? TLanes.Count : lastColumns);
}
