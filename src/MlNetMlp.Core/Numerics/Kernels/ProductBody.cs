using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Computes the blocks of a product: the loops around the kernels, written once for all instructions and all layouts.</summary>
/// <remarks>
/// The loops are nested as in Kazushige Goto and Robert A. van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008:
/// a stretch of terms, a panel of the right operand, and all row tiles of the block on that panel. Unlike there, panels are packed
/// one by one just before their use, each block its own: beside the work on them that costs little, and no thread waits for another.
/// </remarks>
internal unsafe struct ProductBody<TLanes, TVector, TEpilogue> : IParallelBody
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
    where TEpilogue : struct, IEpilogue
{
    private readonly Product _product;
    private readonly Blocking _blocking;
    private readonly ThreadTeam? _team;
    private TEpilogue _epilogue;

    private ProductBody(in Product product, ThreadTeam? team, TEpilogue epilogue)
    {
        _product = product;
        _blocking = new Blocking(product, TLanes.TileRows, TileColumns, team?.ActiveThreads ?? 1);
        _team = team;
        _epilogue = epilogue;
    }

    private static int TileColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TileKernel<TLanes, TVector>.TileColumns;
    }

    /// <summary>Computes a whole product, on the threads of a team or, without one, on the caller's alone.</summary>
    /// <param name="product">The product; without a team the right operand is in panels, so that nothing needs scratch memory.</param>
    /// <param name="team">The threads, and the owner of the scratch memory.</param>
    /// <param name="epilogue">What is done to the finished elements.</param>
    public static void Run(in Product product, ThreadTeam? team, TEpilogue epilogue)
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        ProductBody<TLanes, TVector, TEpilogue> body = new(product, team, epilogue);
        int blocks = body._blocking.RowBlocks * body._blocking.ColumnBlocks;
        if (team is not null)
        {
            team.Run(blocks, ref body);
        }
        else
        {
            for (int block = 0; block < blocks; block++)
            {
                body.Execute(block, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int tile, int worker)
    {
        int rowBlock = 0, columnBlock = tile;
        if (_blocking.RowBlocks > 1)
        {
            rowBlock = Math.DivRem(tile, _blocking.ColumnBlocks, out columnBlock);
        }

        int firstRow = rowBlock * _blocking.Rows, firstColumn = columnBlock * _blocking.Columns;
        int rows = Math.Min(_blocking.Rows, _product.Rows - firstRow);
        int columns = Math.Min(_blocking.Columns, _product.Columns - firstColumn);

        int narrow = _team is null ? 0 : NarrowProduct<TLanes, TVector>.Columns(rows, columns), wide = columns - narrow;
        if (narrow > 0)
        {
            float* scratch = _team!.Scratch(worker, NarrowProduct<TLanes, TVector>.Scratch(_product.Depth));
            NarrowProduct<TLanes, TVector>.Multiply(_product, firstRow, rows, firstColumn + wide, narrow, scratch);
        }

        // At least once, for a product of no terms must be written as well: its sums are 0.
        int k = 0;
        do
        {
            int depth = Math.Min(_blocking.Depth, _product.Depth - k);
            if (_product.Rows == 1)
            {
                Row(firstColumn, columns, k, depth, worker);
            }
            else
            {
                Block(firstRow, rows, firstColumn, wide, k, depth, worker);
            }

            k += depth;
        }
        while (k < _product.Depth);

        // After the whole block rather than tile by tile: the block is still in cache, and the calls are fewer and longer.
        if (typeof(TEpilogue) == typeof(NoEpilogue))
        {
            return;
        }

        if (columns == _product.Columns)
        {
            _epilogue.Apply(new Span<float>(Result(firstRow, 0), rows * columns), firstRow, 0);
        }
        else
        {
            for (int row = firstRow; row < firstRow + rows; row++)
            {
                _epilogue.Apply(new Span<float>(Result(row, firstColumn), columns), row, firstColumn);
            }
        }
    }

    private readonly void Block(int firstRow, int rows, int firstColumn, int columns, int k, int depth, int worker)
    {
        float* scratch = Scratch(columns, depth, worker);
        Tile tile = NewTile(k, depth);
        float* left = tile.Left + (firstRow * tile.LeftStride);
        nint nextLeft = TLanes.TileRows * tile.LeftStride;
        if (_blocking.PackLeft)
        {
            float* packed = scratch + ((nint)TileColumns * depth);
            Packing<TLanes, TVector>.Tiles(left, tile.LeftStep, rows, depth, packed);
            left = packed;
            tile.LeftStep = TLanes.TileRows;
            nextLeft = (nint)depth * TLanes.TileRows;
        }

        for (int column = 0; column < columns; column += TileColumns)
        {
            int width = Math.Min(TileColumns, columns - column);
            tile.Right = Panel(firstColumn + column, width, k, depth, scratch, out tile.RightStep);
            tile.Left = left;
            tile.Result = Result(firstRow, firstColumn + column);
            for (int row = 0; row < rows; row += TLanes.TileRows)
            {
                if (_blocking.Foresees)
                {
                    Foresee(tile, row, rows, firstColumn + column + TileColumns, firstColumn + columns, k);
                }

                TileKernel<TLanes, TVector>.Multiply(tile, Math.Min(TLanes.TileRows, rows - row), width);
                tile.Left += nextLeft;
                tile.Result += TLanes.TileRows * tile.ResultStride;
            }
        }
    }

    /// <summary>
    /// Begins to load what a large product reads next, and what lies too far apart for the processor to foresee: the sums so far of the next tile, and a part
    /// of the next panel of the right operand.
    /// </summary>
    /// <param name="tile">The tile that comes now.</param>
    /// <param name="row">Its first row in the block.</param>
    /// <param name="rows">The rows of the block.</param>
    /// <param name="next">The first column of the next panel.</param>
    /// <param name="end">The end of the columns of the block.</param>
    /// <param name="k">The first term.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Foresee(in Tile tile, int row, int rows, int next, int end, int k)
    {
        if (tile.Continue)
        {
            int nextRows = Math.Min(TLanes.TileRows, rows - row - TLanes.TileRows);
            InstructionSet.Prefetch(tile.Result + (TLanes.TileRows * tile.ResultStride), tile.ResultStride, nextRows, TileColumns, isSoon: true);
        }

        if (next < end && _product.RightLayout == Layout.RowMajor)
        {
            int first = (int)((long)tile.Depth * row / rows), last = (int)((long)tile.Depth * Math.Min(row + TLanes.TileRows, rows) / rows);
            float* right = _product.Right + ((nint)(k + first) * _product.Columns) + next;
            InstructionSet.Prefetch(right, _product.Columns, last - first, TileColumns, isSoon: false);
        }
    }

    /// <summary>A product of one row: panels that lie side by side or are packed already go to the row kernel together.</summary>
    private readonly void Row(int firstColumn, int columns, int k, int depth, int worker)
    {
        bool inPanels = _product.RightLayout == Layout.Panels;
        Tile tile = NewTile(k, depth);
        int together = _blocking.PackRight ? 0 : inPanels ? columns : columns - (columns % TileColumns);
        if (together > 0)
        {
            tile.Right = Panel(firstColumn, TileColumns, k, depth, null, out tile.RightStep);
            tile.Result = Result(0, firstColumn);
            RowKernel<TLanes, TVector>.Multiply(tile, together, inPanels ? (nint)_product.Depth * TileColumns : TileColumns);
        }

        float* scratch = Scratch(columns, depth, worker);
        for (int column = together; column < columns; column += TileColumns)
        {
            int width = Math.Min(TileColumns, columns - column);
            tile.Right = Panel(firstColumn + column, width, k, depth, scratch, out tile.RightStep);
            tile.Result = Result(0, firstColumn + column);
            TileKernel<TLanes, TVector>.Multiply(tile, 1, width);
        }
    }

    /// <summary>What all tiles share that add up the terms from <paramref name="k"/> on; the left operand from its first row.</summary>
    private readonly Tile NewTile(int k, int depth)
    {
        bool transposed = _product.LeftLayout == Layout.Transposed;
        nint leftStep = transposed ? _product.Rows : 1;
        return new Tile
        {
            Left = _product.Left + (k * leftStep),
            LeftStride = transposed ? 1 : _product.Depth,
            LeftStep = leftStep,
            ResultStride = _product.Columns,
            Depth = depth,
            Continue = k > 0,
        };
    }

    /// <summary>The right operand from row <paramref name="k"/> and <paramref name="column"/> on, copied if it must be.</summary>
    private readonly float* Panel(int column, int width, int k, int depth, float* scratch, out nint step)
    {
        step = TileColumns;
        if (_product.RightLayout == Layout.Panels)
        {
            return _product.Right + ((nint)column * _product.Depth) + ((nint)k * TileColumns);
        }

        if (_product.RightLayout == Layout.Transposed)
        {
            TLanes.Transpose(_product.Right + ((nint)column * _product.Depth) + k, _product.Depth, width, depth, scratch, TileColumns);
            return scratch;
        }

        float* source = _product.Right + ((nint)k * _product.Columns) + column;

        // The kernels read whole vectors, which a narrow panel at the end of the memory does not have.
        if (_blocking.PackRight || width < TileColumns)
        {
            Packing<TLanes, TVector>.Panel(source, _product.Columns, width, depth, scratch);
            return scratch;
        }

        step = _product.Columns;
        return source;
    }

    /// <summary>Room for one panel, and behind it for the left operand of a block; null when nothing is copied.</summary>
    private readonly float* Scratch(int columns, int depth, int worker) =>
        _team is null || (!_blocking.PackRight && !_blocking.PackLeft && columns % TileColumns == 0)
            ? null
            : _team.Scratch(worker, (TileColumns + (_blocking.PackLeft ? _blocking.Rows : 0)) * depth);

    private readonly float* Result(int row, int column) => _product.Result + ((nint)row * _product.Columns) + column;
}
