using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Computes a few columns of a product that would leave most of a vector idle: there the rows of the result fill the vectors.</summary>
/// <remarks>
/// <c>result^T = right^T * left^T</c>, by the same tiles, of which the left operand now gives the columns. Every sum is the same chain as in any other tile.
/// </remarks>
internal static unsafe class NarrowProduct<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Only so many terms at once: what is copied of the left operand stays in the first-level cache.</summary>
    private const int MaximumDepth = 256;

    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TileKernel<TLanes, TVector>.TileColumns;
    }

    /// <summary>How many of the last columns are better computed so.</summary>
    /// <param name="rows">Those of the block.</param>
    /// <param name="columns">All columns of the block.</param>
    public static int Columns(int rows, int columns)
    {
        int rest = columns % Width;
        return rest <= TLanes.Count / 2 && rows >= Width ? rest : 0;
    }

    /// <summary>How many floats of scratch memory <see cref="Multiply"/> needs.</summary>
    public static int Scratch(int depth) => Width * (Math.Min(depth, MaximumDepth) + TLanes.Count);

    /// <summary>Computes some columns of some rows, from the first term to the last.</summary>
    /// <param name="product">The product; its right operand is not in panels.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="firstColumn">The first column.</param>
    /// <param name="columns">How many; see <see cref="Columns"/>.</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    public static void Multiply(in Product product, int firstRow, int rows, int firstColumn, int columns, float* scratch)
    {
        bool rightTransposed = product.RightLayout == Layout.Transposed;
        nint rightStride = rightTransposed ? product.Depth : 1, rightStep = rightTransposed ? 1 : product.Columns;
        float* panel = scratch + (Width * TLanes.Count);
        for (int row = firstRow; row < firstRow + rows; row += Width)
        {
            int width = Math.Min(Width, firstRow + rows - row), k = 0;
            do
            {
                int depth = Math.Min(MaximumDepth, product.Depth - k);
                Tile tile = new()
                {
                    Left = product.Right + (firstColumn * rightStride) + (k * rightStep),
                    LeftStride = rightStride,
                    LeftStep = rightStep,
                    Right = Panel(product, row, width, k, depth, panel, out nint panelStep),
                    RightStep = panelStep,
                    Result = scratch,
                    ResultStride = Width,
                    Depth = depth,
                    Continue = k > 0,
                };
                TileKernel<TLanes, TVector>.Multiply(tile, columns, width);
                k += depth;
            }
            while (k < product.Depth);

            TLanes.Transpose(scratch, Width, columns, width, product.Result + ((nint)row * product.Columns) + firstColumn, product.Columns);
        }
    }

    /// <summary>Some rows of the left operand as a panel <c>[depth, width]</c>, copied if they must be.</summary>
    private static float* Panel(in Product product, int row, int width, int k, int depth, float* scratch, out nint step)
    {
        step = Width;
        if (product.LeftLayout != Layout.Transposed)
        {
            TLanes.Transpose(product.Left + ((nint)row * product.Depth) + k, product.Depth, width, depth, scratch, Width);
            return scratch;
        }

        float* source = product.Left + ((nint)k * product.Rows) + row;
        if (width < Width)
        {
            Packing<TLanes, TVector>.Panel(source, product.Rows, width, depth, scratch);
            return scratch;
        }

        step = product.Rows;
        return source;
    }
}
