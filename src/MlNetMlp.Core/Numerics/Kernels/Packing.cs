using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Copies what the kernels read again and again into the order in which they read it: panels of the right operand, tiles of the left one.</summary>
internal static unsafe class Packing<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary><c>target[k * TileColumns + c] = source[k * sourceStep + c]</c>, shape <c>[depth, columns]</c>.</summary>
    /// <remarks>A vector that the columns begin is filled up with zeros, for kernels read whole vectors.</remarks>
    /// <param name="source">The first element; nothing beyond the columns is read.</param>
    /// <param name="sourceStep">The distance of two rows of the source.</param>
    /// <param name="columns">1 to <see cref="TileKernel{TLanes, TVector}.TileColumns"/>.</param>
    /// <param name="depth">The number of rows.</param>
    /// <param name="target"><c>depth * TileColumns</c> floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(float* source, nint sourceStep, int columns, int depth, float* target)
    {
        int second = columns - TLanes.Count;
        for (int k = 0; k < depth; k++)
        {
            if (second > 0)
            {
                TLanes.Store(target, TLanes.Load(source));
                TLanes.Store(target + TLanes.Count, TLanes.LoadFirst(source + TLanes.Count, second));
            }
            else
            {
                TLanes.Store(target, TLanes.LoadFirst(source, columns));
            }

            source += sourceStep;
            target += 2 * TLanes.Count;
        }
    }

    /// <summary>
    /// Copies rows of a left operand that lies transposed, tile after tile:
    /// <c>target[(t * depth + k) * TileRows + r] = source[k * sourceStep + t * TileRows + r]</c>.
    /// </summary>
    /// <param name="source">The first element; nothing beyond the rows is read.</param>
    /// <param name="sourceStep">The distance of two terms of the source.</param>
    /// <param name="rows">Those of all tiles; the last one may have fewer than <see cref="ILanes{TVector}.TileRows"/>.</param>
    /// <param name="depth">The number of terms.</param>
    /// <param name="target">Room for <c>depth</c> terms of whole tiles.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles(float* source, nint sourceStep, int rows, int depth, float* target)
    {
        int whole = rows - (rows % TLanes.TileRows);
        for (int k = 0; k < depth; k++)
        {
            float* to = target;
            for (int row = 0; row < whole; row += TLanes.TileRows)
            {
                Unsafe.CopyBlockUnaligned(to, source + row, (uint)(TLanes.TileRows * sizeof(float)));
                to += (nint)depth * TLanes.TileRows;
            }

            for (int row = whole; row < rows; row++)
            {
                to[row - whole] = source[row];
            }

            source += sourceStep;
            target += TLanes.TileRows;
        }
    }

    /// <summary>Packs a whole operand, <c>[rows, columns]</c>: its panels, each <c>[rows, TileColumns]</c>, one after the other.</summary>
    public static AlignedBuffer Whole(ReadOnlyMatrixSpan right)
    {
        int panelColumns = TileKernel<TLanes, TVector>.TileColumns;
        int panels = (right.Columns + panelColumns - 1) / panelColumns;
        AlignedBuffer packed = new(checked(panels * panelColumns * right.Rows));
        fixed (float* source = right.Values)
        {
            float* target = packed.Pointer;
            for (int column = 0; column < right.Columns; column += panelColumns)
            {
                Panel(source + column, right.Columns, Math.Min(panelColumns, right.Columns - column), right.Rows, target);
                target += (nint)right.Rows * panelColumns;
            }
        }

        return packed;
    }
}
