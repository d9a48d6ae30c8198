namespace MlNetMlp.Numerics;

/// <summary>
/// The sum of the squares of many floats by several threads: pieces of a fixed length, each as <see cref="OrderedSum.OfSquares"/> adds it, one after the other.
/// </summary>
internal readonly unsafe struct SharedSquares : IParallelBody
{
    /// <summary>Elements of a piece, some five microseconds of work.</summary>
    private const int PieceLength = 1 << 15;

    private readonly float* _values;
    private readonly int _length;
    private readonly double* _sums;

    private SharedSquares(float* values, int length, double* sums)
    {
        _values = values;
        _length = length;
        _sums = sums;
    }

    /// <summary><c>sum of values[i]^2</c>; the bits are the same for any number of threads.</summary>
    public static double Sum(ReadOnlySpan<float> values, ThreadTeam team)
    {
        int pieces = (values.Length + PieceLength - 1) / PieceLength;
        double* sums = (double*)team.Scratch(0, sizeof(double) / sizeof(float) * pieces);
        fixed (float* first = values)
        {
            var body = new SharedSquares(first, values.Length, sums);
            team.Run(pieces, ref body);
        }

        double sum = 0;
        for (int piece = 0; piece < pieces; piece++)
        {
            sum += sums[piece];
        }

        return sum;
    }

    public void Execute(int tile, int worker)
    {
        int first = tile * PieceLength;
        _sums[tile] = OrderedSum.OfSquares(new ReadOnlySpan<float>(_values + first, Math.Min(PieceLength, _length - first)));
    }
}
