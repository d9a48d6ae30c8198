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
    /// <summary>Computes one row, <c>[1, right.Rows] * [right.Rows, right.Columns]</c>.</summary>
    public static void Multiply(float* left, PackedMatrix right, float* result) => Multiply(
        new Tile { Left = left, LeftStep = 1, Right = right.Pointer, RightStep = TileKernel<TLanes, TVector>.TileColumns, Result = result, Depth = right.Rows },
        right.Columns,
        (nint)right.Rows * TileKernel<TLanes, TVector>.TileColumns);

    /// <summary>Computes one row.</summary>
    /// <param name="tile">Where the operands and the result are; the result's stride is not used.</param>
    /// <param name="columns">At least 1; of <c>right</c> whole vectors are read all the same.</param>
    /// <param name="panelStride">How far apart in memory two panels of the right operand are.</param>
    public static void Multiply(Tile tile, int columns, nint panelStride)
    {
        int panelColumns = TileKernel<TLanes, TVector>.TileColumns;
        for (; columns > 0; columns -= 4 * panelColumns)
        {
            if (columns > 3 * panelColumns)
            {
                PanelsOf<Four>(tile, panelStride, columns - (3 * panelColumns));
            }
            else if (columns > 2 * panelColumns)
            {
                PanelsOf<Three>(tile, panelStride, columns - (2 * panelColumns));
            }
            else if (columns > panelColumns)
            {
                PanelsOf<Two>(tile, panelStride, columns - panelColumns);
            }
            else
            {
                TileKernel<TLanes, TVector>.Multiply(tile, 1, columns);
            }

            tile.Right += 4 * panelStride;
            tile.Result += 4 * panelColumns;
        }
    }

    /// <param name="tile">Where the operands and the result are.</param>
    /// <param name="panelStride">How far apart two panels are.</param>
    /// <param name="lastColumns">How many columns of the last panel are results, at least 1; more than a panel has means all.</param>
    private static void PanelsOf<TPanels>(in Tile tile, nint panelStride, int lastColumns)
        where TPanels : struct, IConstant
    {
        if (lastColumns > TLanes.Count)
        {
            Panels<TPanels, Two>(tile, panelStride, lastColumns);
        }
        else
        {
            Panels<TPanels, One>(tile, panelStride, lastColumns);
        }
    }

    /// <remarks>A single row is as fast as the weights can be read, so the last panel's second vector is left out where it is not needed.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<TPanels, TLastVectors>(in Tile tile, nint panelStride, int lastColumns)
        where TPanels : struct, IConstant
        where TLastVectors : struct, IConstant
    {
        float* left = tile.Left;
        float* right0 = tile.Right, right1 = right0 + panelStride, right2 = right1 + panelStride, right3 = right2 + panelStride;
        nint leftStep = tile.LeftStep, rightStep = tile.RightStep;
        TVector sum0a = default, sum1a = default, sum2a = default, sum3a = default;
        TVector sum0b = default, sum1b = default, sum2b = default, sum3b = default;
        if (tile.Continue)
        {
            float* old = tile.Result;
            Begin<TPanels, One>(ref old, lastColumns, out sum0a, out sum0b);
            Begin<TPanels, Two>(ref old, lastColumns, out sum1a, out sum1b);
            if (TPanels.Value > 2)
            {
                Begin<TPanels, Three>(ref old, lastColumns, out sum2a, out sum2b);
            }

            if (TPanels.Value > 3)
            {
                Begin<TPanels, Four>(ref old, lastColumns, out sum3a, out sum3b);
            }
        }

        for (int k = tile.Depth; k > 0; k--)
        {
            TVector factor = TLanes.Broadcast(*left);
            Accumulate<TPanels, One, TLastVectors>(factor, ref right0, rightStep, ref sum0a, ref sum0b);
            Accumulate<TPanels, Two, TLastVectors>(factor, ref right1, rightStep, ref sum1a, ref sum1b);
            if (TPanels.Value > 2)
            {
                Accumulate<TPanels, Three, TLastVectors>(factor, ref right2, rightStep, ref sum2a, ref sum2b);
            }

            if (TPanels.Value > 3)
            {
                Accumulate<TPanels, Four, TLastVectors>(factor, ref right3, rightStep, ref sum3a, ref sum3b);
            }

            left += leftStep;
        }

        float* result = tile.Result;
        End<TPanels, One>(ref result, lastColumns, sum0a, sum0b);
        End<TPanels, Two>(ref result, lastColumns, sum1a, sum1b);
        if (TPanels.Value > 2)
        {
            End<TPanels, Three>(ref result, lastColumns, sum2a, sum2b);
        }

        if (TPanels.Value > 3)
        {
            End<TPanels, Four>(ref result, lastColumns, sum3a, sum3b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TPanels, TPanel, TLastVectors>(TVector factor, ref float* right, nint rightStep, ref TVector a, ref TVector b)
        where TPanels : struct, IConstant
        where TPanel : struct, IConstant
        where TLastVectors : struct, IConstant
    {
        a = TLanes.MultiplyAdd(factor, TLanes.Load(right), a);
        if (TPanel.Value < TPanels.Value || TLastVectors.Value > 1)
        {
            b = TLanes.MultiplyAdd(factor, TLanes.Load(right + TLanes.Count), b);
        }

        right += rightStep;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TPanels, TPanel>(ref float* result, int lastColumns, out TVector a, out TVector b)
        where TPanels : struct, IConstant
        where TPanel : struct, IConstant
    {
        bool isLast = TPanel.Value == TPanels.Value;
        a = isLast ? TLanes.LoadFirst(result, First(lastColumns)) : TLanes.Load(result);
        b = isLast ? TLanes.LoadFirst(result + TLanes.Count, Second(lastColumns)) : TLanes.Load(result + TLanes.Count);
        result += TileKernel<TLanes, TVector>.TileColumns;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TPanels, TPanel>(ref float* result, int lastColumns, TVector a, TVector b)
        where TPanels : struct, IConstant
        where TPanel : struct, IConstant
    {
        if (TPanel.Value == TPanels.Value)
        {
            TLanes.StoreFirst(result, a, First(lastColumns));
            TLanes.StoreFirst(result + TLanes.Count, b, Second(lastColumns));
        }
        else
        {
            TLanes.Store(result, a);
            TLanes.Store(result + TLanes.Count, b);
        }

        result += TileKernel<TLanes, TVector>.TileColumns;
    }

    private static int First(int columns) => Math.Min(columns, TLanes.Count);

    private static int Second(int columns) => Math.Clamp(columns - TLanes.Count, 0, TLanes.Count);
}
