using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The innermost loop for one row: as many columns at once as it takes to keep the multiply-add units busy.</summary>
/// <remarks>
/// A tile of one row has two sums, and each must wait for its last term; the row kernel has up to eight of them, over four panels of
/// the right operand. Each sum is the same chain as in <see cref="TileKernel{TLanes, TVector}"/>.
/// </remarks>
internal static unsafe class RowKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Computes one row.</summary>
    /// <param name="tile">Where the operands and the result are; the result's stride is not used.</param>
    /// <param name="columns">At least 1; of <c>right</c> whole vectors are read all the same.</param>
    /// <param name="panelStride">How far apart in memory two panels of the right operand are.</param>
    public static void Multiply(Tile tile, int columns, nint panelStride)
    {
        int panelColumns = TileKernel<TLanes, TVector>.TileColumns;
        while (columns > 0)
        {
            // Whole panels in the wide loops; a last narrow one alone, so that it reads no vector that is not there.
            int panels = columns >= 4 * panelColumns ? 4 : columns >= 2 * panelColumns ? 2 : 1;
            if (panels == 4)
                Panels<Four>(tile, panelStride);
            else if (panels == 2)
                Panels<Two>(tile, panelStride);
            else
                TileKernel<TLanes, TVector>.Multiply(tile, 1, Math.Min(columns, panelColumns));
            columns -= panels * panelColumns;
            tile.Right += panels * panelStride;
            tile.Result += panels * panelColumns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<TPanels>(in Tile tile, nint panelStride)
        where TPanels : struct, IConstant
    {
        float* left = tile.Left;
        float* right0 = tile.Right, right1 = right0 + panelStride, right2 = right1 + panelStride, right3 = right2 + panelStride;
        nint leftStep = tile.LeftStep, rightStep = tile.RightStep;
        TVector sum0a = default, sum1a = default, sum2a = default, sum3a = default;
        TVector sum0b = default, sum1b = default, sum2b = default, sum3b = default;
        if (tile.Continue)
        {
            float* old = tile.Result;
            Begin(ref old, out sum0a, out sum0b);
            Begin(ref old, out sum1a, out sum1b);
            if (TPanels.Value > 2)
            {
                Begin(ref old, out sum2a, out sum2b);
                Begin(ref old, out sum3a, out sum3b);
            }
        }

        for (int k = tile.Depth; k > 0; k--)
        {
            TVector factor = TLanes.Broadcast(*left);
            Accumulate(factor, ref right0, rightStep, ref sum0a, ref sum0b);
            Accumulate(factor, ref right1, rightStep, ref sum1a, ref sum1b);
            if (TPanels.Value > 2)
            {
                Accumulate(factor, ref right2, rightStep, ref sum2a, ref sum2b);
                Accumulate(factor, ref right3, rightStep, ref sum3a, ref sum3b);
            }

            left += leftStep;
        }

        float* result = tile.Result;
        End(ref result, sum0a, sum0b);
        End(ref result, sum1a, sum1b);
        if (TPanels.Value > 2)
        {
            End(ref result, sum2a, sum2b);
            End(ref result, sum3a, sum3b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(TVector factor, ref float* right, nint rightStep, ref TVector a, ref TVector b)
    {
        a = TLanes.MultiplyAdd(factor, TLanes.Load(right), a);
        b = TLanes.MultiplyAdd(factor, TLanes.Load(right + TLanes.Count), b);
        right += rightStep;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(ref float* result, out TVector a, out TVector b)
    {
        a = TLanes.Load(result);
        b = TLanes.Load(result + TLanes.Count);
        result += TileKernel<TLanes, TVector>.TileColumns;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(ref float* result, TVector a, TVector b)
    {
        TLanes.Store(result, a);
        TLanes.Store(result + TLanes.Count, b);
        result += TileKernel<TLanes, TVector>.TileColumns;
    }
}
