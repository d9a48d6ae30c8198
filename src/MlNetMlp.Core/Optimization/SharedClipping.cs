using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Clipping shared out over threads: elements are independent once the norm is known.</summary>
internal readonly unsafe struct SharedClipping : IParallelBody
{
    /// <summary>Elements of a tile, some microseconds of work.</summary>
    private const int TileLength = 1 << 15;

    private readonly GradientClipping _clipping;
    private readonly float* _gradients;
    private readonly int _length;
    private readonly double _norm;

    private SharedClipping(GradientClipping clipping, float* gradients, int length, double norm)
    {
        _clipping = clipping;
        _gradients = gradients;
        _length = length;
        _norm = norm;
    }

    /// <summary>Clips a gradient in place.</summary>
    /// <param name="clipping">How.</param>
    /// <param name="gradients">The gradient.</param>
    /// <param name="norm">Its norm.</param>
    /// <param name="team">The threads.</param>
    public static void Run(GradientClipping clipping, Span<float> gradients, double norm, ThreadTeam team)
    {
        fixed (float* first = gradients)
        {
            var body = new SharedClipping(clipping, first, gradients.Length, norm);
            team.Run((gradients.Length + TileLength - 1) / TileLength, ref body);
        }
    }

    public void Execute(int tile, int worker)
    {
        int first = tile * TileLength;
        _clipping.Clip(new Span<float>(_gradients + first, Math.Min(TileLength, _length - first)), _norm);
    }
}
