namespace MlNetMlp.Numerics;

/// <summary>How a product is cut into blocks, and whether packing pays. None of this changes a bit of the result.</summary>
/// <remarks>
/// Rows of the left operand are streams that the processor foresees; of a transposed one with long lines, each term would be on a page of its own, and a
/// copy pays as soon as some panels read it. The right one is packed where it must be (transposed, or a narrow panel at its end) or is read so often
/// that the copy pays.
/// </remarks>
internal readonly struct Blocking
{
    /// <summary>Below this many multiply-adds, some five microseconds of work, another thread costs more than it saves.</summary>
    public const long SmallProduct = 1 << 18;

    // A panel of 32 columns and this depth is 32 KiB, which a first-level cache holds. The block of the left operand, 256 KiB, stays in the second level
    // while the panels go by. The result comes and goes, ahead of its use.
    private const int MaximumDepth = 256;
    private const int MaximumRows = 256;
    private const int MaximumColumns = 1024;

    /// <summary>
    /// Blocks for each thread, so that one that is held up can be helped out by the others. More of them are smaller, and read more of the operands for what
    /// they compute.
    /// </summary>
    private const int BlocksPerThread = 2;

    // A right operand of this size (a megabyte) does not stay in the second-level cache from one row of tiles to the next.
    private const int ManyRows = 256;
    private const long LargeOperand = 1 << 18;

    // A result of this size (half a megabyte) neither.
    private const long LargeResult = 1 << 17;

    /// <summary>
    /// Lines of this many numbers lie a page of memory apart: each number of a column then needs a page of its own, and a cache has few places for such
    /// addresses.
    /// </summary>
    private const int Page = 1024;

    /// <summary>So many rows at least read a copy of a right operand whose lines are that long.</summary>
    private const int RightReads = 128;

    /// <summary>So many panels at least read a copy of the left operand.</summary>
    private const int LeftReads = 4;

    /// <summary>
    /// So many tiles of rows has a block at least that copies its rows of the left operand: these are copied once for every block that they are in, so the
    /// rows are cut before the columns.
    /// </summary>
    private const int LeftTiles = 8;

    public Blocking(in Product product, int tileRows, int tileColumns, int threads)
    {
        PackRight = product.RightLayout == Layout.Transposed
            || (product.RightLayout == Layout.RowMajor
                && ((product.Rows >= ManyRows && (long)product.Depth * product.Columns >= LargeOperand)
                    || (product.Rows >= RightReads && product.Columns >= Page)));

        // One row of tiles reads a packed operand once from end to end: there is nothing to keep in cache.
        bool singlePass = product.RightLayout == Layout.Panels && product.Rows <= tileRows;
        Depth = singlePass || product.Depth <= MaximumDepth ? product.Depth : Even(product.Depth, MaximumDepth, 8);

        Rows = product.Rows;
        Columns = product.Columns;
        RowBlocks = ColumnBlocks = 1;
        if ((long)product.Rows * product.Columns * product.Depth < SmallProduct)
        {
            return;
        }

        bool isLeftFar = product.LeftLayout == Layout.Transposed && product.Rows >= Page;
        Rows = Even(Rows, MaximumRows, tileRows);
        Columns = Even(Columns, MaximumColumns, tileColumns);
        int wanted = threads > 1 ? BlocksPerThread * threads : 1;
        for (bool cut = true; cut;)
        {
            RowBlocks = Pieces(product.Rows, Rows);
            ColumnBlocks = Pieces(product.Columns, Columns);
            cut = (long)RowBlocks * ColumnBlocks < wanted;
            bool rowsFirst = isLeftFar && Rows > LeftTiles * tileRows;
            if (cut && !rowsFirst && Columns > 2 * tileColumns && (Columns >= Rows || Rows <= 2 * tileRows))
            {
                Columns = Even(Columns, (Columns + 1) / 2, tileColumns);
            }
            else if (cut && Rows > 2 * tileRows)
            {
                Rows = Even(Rows, (Rows + 1) / 2, tileRows);
            }
            else
            {
                cut = false;
            }
        }

        Rows = Balanced(product.Rows, Rows, tileRows, ColumnBlocks, threads);
        RowBlocks = Pieces(product.Rows, Rows);
        PackLeft = isLeftFar && Columns >= LeftReads * tileColumns;
        Foresees = PackRight && (long)product.Rows * product.Columns >= LargeResult;
    }

    /// <summary>The result is cut into blocks of this many rows and columns; a thread computes one block at a time.</summary>
    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The sums are cut into stretches of this many terms, so that what a block reads of both operands stays in cache.</summary>
    public int Depth { get; }

    public int RowBlocks { get; }

    public int ColumnBlocks { get; }

    /// <summary>Whether what a block reads of the left operand is copied before it is used.</summary>
    public bool PackLeft { get; }

    /// <summary>Whether each panel of the right operand is copied before it is used.</summary>
    public bool PackRight { get; }

    /// <summary>Whether the result, and the panel to be copied next, are asked for ahead of their use.</summary>
    public bool Foresees { get; }

    /// <summary>At most <paramref name="rows"/> rows and more than half of them, such that the thread with the most blocks has the fewest rows.</summary>
    private static int Balanced(int total, int rows, int unit, int columnBlocks, int threads)
    {
        int best = rows, least = int.MaxValue;
        for (int candidate = rows; candidate > rows / 2; candidate -= unit)
        {
            int most = Pieces(Pieces(total, candidate) * columnBlocks, threads) * candidate;
            if (most < least)
            {
                (best, least) = (candidate, most);
            }
        }

        return best;
    }

    private static int Pieces(int length, int piece) => (length + piece - 1) / piece;

    /// <summary>The length of the fewest pieces of at most <paramref name="maximum"/>, made as equal as whole units allow.</summary>
    private static int Even(int length, int maximum, int unit)
    {
        int piece = Pieces(length, Pieces(length, maximum));
        return Pieces(piece, unit) * unit;
    }
}
