namespace MlNetMlp.Numerics;

/// <summary>Computes a product of a sparse matrix with a dense one, some rows of the result at a time; each row is one thread's.</summary>
internal unsafe struct SparseProductBody<TLanes, TVector, TEpilogue> : IParallelBody
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
    where TEpilogue : struct, IEpilogue
{
    /// <summary>The multiplications that make a piece of work worth handing to another thread: some ten microseconds.</summary>
    private const long WorkOfTile = 1 << 15;

    private readonly SparseProduct _product;
    private readonly int _tiles;
    private TEpilogue _epilogue;

    private SparseProductBody(in SparseProduct product, int tiles, TEpilogue epilogue)
    {
        _product = product;
        _tiles = tiles;
        _epilogue = epilogue;
    }

    public static void Run(in SparseProduct product, ThreadTeam team, TEpilogue epilogue)
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        // A few tiles for each thread, for rows are not all of the same length.
        long work = (long)product.Offsets[product.Rows] * product.Columns;
        int most = team.ActiveThreads == 1 ? 1 : Math.Min(product.Rows, 4 * team.ActiveThreads);
        int tiles = (int)Math.Clamp(work / WorkOfTile, 1, most);
        SparseProductBody<TLanes, TVector, TEpilogue> body = new(product, tiles, epilogue);
        team.Run(tiles, ref body);
    }

    public void Execute(int tile, int worker)
    {
        int columns = _product.Columns;
        int end = (int)((long)_product.Rows * (tile + 1) / _tiles);
        for (int i = (int)((long)_product.Rows * tile / _tiles); i < end; i++)
        {
            int first = _product.Offsets[i];
            SparseRow row = new() { Indices = _product.Indices + first, Values = _product.Values + first, Count = _product.Offsets[i + 1] - first };
            int target = _product.ResultRows == null ? i : _product.ResultRows[i];
            float* result = _product.Result + ((nint)target * columns);
            SparseRowKernel<TLanes, TVector>.Multiply(row, _product.Right, columns, result, columns);
            if (typeof(TEpilogue) != typeof(NoEpilogue))
            {
                _epilogue.Apply(new Span<float>(result, columns), target, 0);
            }
        }
    }
}
