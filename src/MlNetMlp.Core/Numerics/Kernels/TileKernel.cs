using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The innermost loop of every product: one tile of the result, with all its sums in registers.</summary>
/// <remarks>
/// <para>
/// <c>result[r, :] = start + sum over k of left(r, k) * right(k, :)</c>, k ascending, one fused multiply-add for each term, where
/// <c>start</c> is 0 or what the result holds from earlier k. So a sum is one chain, whatever the tile and however k is cut.
/// </para>
/// <para>
/// Written once for 1 to 8 rows and one or two vectors. Both extents are constants to the compiler, which drops the tests and the
/// sums that a tile does not have; the sums are single variables, not an array, because only variables live in registers.
/// </para>
/// </remarks>
internal static unsafe class TileKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>The columns of a tile: two vectors.</summary>
    public static int TileColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TLanes.Count;
    }

    /// <summary>Computes one tile.</summary>
    /// <param name="tile">Where the operands and the result are.</param>
    /// <param name="rows">1 to <see cref="ILanes{TVector}.TileRows"/>.</param>
    /// <param name="columns">1 to <see cref="TileColumns"/>; of <c>right</c> whole vectors are read all the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(in Tile tile, int rows, int columns)
    {
        if (columns > TLanes.Count)
        {
            Multiply<Two>(tile, rows, columns - TLanes.Count);
        }
        else
        {
            Multiply<One>(tile, rows, columns);
        }
    }

    private static void Multiply<TVectors>(in Tile tile, int rows, int lastCount)
        where TVectors : struct, IConstant
    {
        switch (rows)
        {
            case 1:
                Fixed<One, TVectors>(tile, lastCount);
                break;
            case 2:
                Fixed<Two, TVectors>(tile, lastCount);
                break;
            case 3:
                Fixed<Three, TVectors>(tile, lastCount);
                break;
            case 4:
                Fixed<Four, TVectors>(tile, lastCount);
                break;
            case 5:
                Fixed<Five, TVectors>(tile, lastCount);
                break;
            case 6:
                Fixed<Six, TVectors>(tile, lastCount);
                break;
            case 7:
                Fixed<Seven, TVectors>(tile, lastCount);
                break;
            default:
                Fixed<Eight, TVectors>(tile, lastCount);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fixed<TRows, TVectors>(in Tile tile, int lastCount)
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
    {
        // Rows are reached from every fourth row with one, two or three strides: that takes few registers.
        float* left0 = tile.Left;
        nint stride1 = tile.LeftStride, stride2 = 2 * stride1, stride3 = 3 * stride1;
        float* left4 = left0 + (4 * stride1);
        float* right = tile.Right;
        nint leftStep = tile.LeftStep, rightStep = tile.RightStep;

        TVector sum0a = default, sum1a = default, sum2a = default, sum3a = default;
        TVector sum4a = default, sum5a = default, sum6a = default, sum7a = default;
        TVector sum0b = default, sum1b = default, sum2b = default, sum3b = default;
        TVector sum4b = default, sum5b = default, sum6b = default, sum7b = default;

        if (tile.Continue)
        {
            float* old = tile.Result;
            Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum0a, out sum0b);
            if (TRows.Value > 1)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum1a, out sum1b);
            }

            if (TRows.Value > 2)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum2a, out sum2b);
            }

            if (TRows.Value > 3)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum3a, out sum3b);
            }

            if (TRows.Value > 4)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum4a, out sum4b);
            }

            if (TRows.Value > 5)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum5a, out sum5b);
            }

            if (TRows.Value > 6)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum6a, out sum6b);
            }

            if (TRows.Value > 7)
            {
                Begin<TVectors>(ref old, tile.ResultStride, lastCount, out sum7a, out sum7b);
            }
        }

        for (int k = tile.Depth; k > 0; k--)
        {
            TVector a = TLanes.Load(right);
            TVector b = TVectors.Value > 1 ? TLanes.Load(right + TLanes.Count) : default;
            right += rightStep;

            TVector factor = TLanes.Broadcast(*left0);
            sum0a = TLanes.MultiplyAdd(factor, a, sum0a);
            if (TVectors.Value > 1)
            {
                sum0b = TLanes.MultiplyAdd(factor, b, sum0b);
            }

            if (TRows.Value > 1)
            {
                factor = TLanes.Broadcast(*(left0 + stride1));
                sum1a = TLanes.MultiplyAdd(factor, a, sum1a);
                if (TVectors.Value > 1)
                {
                    sum1b = TLanes.MultiplyAdd(factor, b, sum1b);
                }
            }

            if (TRows.Value > 2)
            {
                factor = TLanes.Broadcast(*(left0 + stride2));
                sum2a = TLanes.MultiplyAdd(factor, a, sum2a);
                if (TVectors.Value > 1)
                {
                    sum2b = TLanes.MultiplyAdd(factor, b, sum2b);
                }
            }

            if (TRows.Value > 3)
            {
                factor = TLanes.Broadcast(*(left0 + stride3));
                sum3a = TLanes.MultiplyAdd(factor, a, sum3a);
                if (TVectors.Value > 1)
                {
                    sum3b = TLanes.MultiplyAdd(factor, b, sum3b);
                }
            }

            if (TRows.Value > 4)
            {
                factor = TLanes.Broadcast(*left4);
                sum4a = TLanes.MultiplyAdd(factor, a, sum4a);
                if (TVectors.Value > 1)
                {
                    sum4b = TLanes.MultiplyAdd(factor, b, sum4b);
                }
            }

            if (TRows.Value > 5)
            {
                factor = TLanes.Broadcast(*(left4 + stride1));
                sum5a = TLanes.MultiplyAdd(factor, a, sum5a);
                if (TVectors.Value > 1)
                {
                    sum5b = TLanes.MultiplyAdd(factor, b, sum5b);
                }
            }

            if (TRows.Value > 6)
            {
                factor = TLanes.Broadcast(*(left4 + stride2));
                sum6a = TLanes.MultiplyAdd(factor, a, sum6a);
                if (TVectors.Value > 1)
                {
                    sum6b = TLanes.MultiplyAdd(factor, b, sum6b);
                }
            }

            if (TRows.Value > 7)
            {
                factor = TLanes.Broadcast(*(left4 + stride3));
                sum7a = TLanes.MultiplyAdd(factor, a, sum7a);
                if (TVectors.Value > 1)
                {
                    sum7b = TLanes.MultiplyAdd(factor, b, sum7b);
                }
            }

            left0 += leftStep;
            left4 += leftStep;
        }

        float* result = tile.Result;
        End<TVectors>(ref result, tile.ResultStride, lastCount, sum0a, sum0b);
        if (TRows.Value > 1)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum1a, sum1b);
        }

        if (TRows.Value > 2)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum2a, sum2b);
        }

        if (TRows.Value > 3)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum3a, sum3b);
        }

        if (TRows.Value > 4)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum4a, sum4b);
        }

        if (TRows.Value > 5)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum5a, sum5b);
        }

        if (TRows.Value > 6)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum6a, sum6b);
        }

        if (TRows.Value > 7)
        {
            End<TVectors>(ref result, tile.ResultStride, lastCount, sum7a, sum7b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TVectors>(ref float* result, nint stride, int lastCount, out TVector a, out TVector b)
        where TVectors : struct, IConstant
    {
        a = TVectors.Value > 1 ? TLanes.Load(result) : TLanes.LoadFirst(result, lastCount);
        b = TVectors.Value > 1 ? TLanes.LoadFirst(result + TLanes.Count, lastCount) : default;
        result += stride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TVectors>(ref float* result, nint stride, int lastCount, TVector a, TVector b)
        where TVectors : struct, IConstant
    {
        if (TVectors.Value > 1)
        {
            TLanes.Store(result, a);
            TLanes.StoreFirst(result + TLanes.Count, b, lastCount);
        }
        else
        {
            TLanes.StoreFirst(result, a, lastCount);
        }

        result += stride;
    }
}
