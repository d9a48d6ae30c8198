using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Redraws the rows of a mini-batch, shared out among threads: every row has random numbers of its own, so the bits are the same on any number of
/// them.
/// </summary>
internal sealed unsafe class ImageAugmenter(ImageAugmentation ranges, int number, ThreadTeam team) : IRowAugmenter
{
    /// <summary>Some ten microseconds of work: fewer values are not worth waking a thread for.</summary>
    private const int ValuesPerTile = 1024;

    private readonly ImageWarp[] _warps = [.. Enumerable.Range(0, team.Threads).Select(_ => new ImageWarp(ranges))];

    public void Apply(MatrixSpan rows, ReadOnlySpan<SeededRandom> random)
    {
        int rowsPerTile = Math.Max(1, ValuesPerTile / Math.Max(1, rows.Columns));
        fixed (float* values = rows.Values)
        fixed (SeededRandom* first = random)
        {
            var body = new Body(values, first, rows.Rows, rows.Columns, rowsPerTile, number, _warps);
            team.Run((rows.Rows + rowsPerTile - 1) / rowsPerTile, ref body);
        }
    }

    private readonly struct Body(float* values, SeededRandom* random, int rows, int columns, int rowsPerTile, int number, ImageWarp[] warps) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            for (int row = tile * rowsPerTile; row < Math.Min((tile + 1) * rowsPerTile, rows); row++)
            {
                warps[worker].Apply(new Span<float>(values + ((long)row * columns), columns), random[row].At(number));
            }
        }
    }
}
