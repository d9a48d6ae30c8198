using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The product of values and a mask of dropout, which may be drawn on the way; shared out over the threads in pieces.</summary>
/// <param name="values">What is multiplied.</param>
/// <param name="mask">The mask, as long.</param>
/// <param name="result">The product, as long.</param>
/// <param name="length">The number of elements.</param>
/// <param name="random">What the mask is drawn from; null: it is drawn already.</param>
/// <param name="keepProbability">How likely an element is to stay.</param>
internal readonly unsafe struct DropoutProduct(float* values, float* mask, float* result, int length, SeededRandom? random, float keepProbability)
    : IParallelBody
{
    private const int PieceLength = 1 << 12;

    /// <summary>Below this many elements, some five microseconds of work, another thread costs more than it saves.</summary>
    private const int SmallMask = 1 << 14;

    public void Run(ThreadTeam team)
    {
        DropoutProduct body = this;
        if (length >= SmallMask)
        {
            team.Run((length + PieceLength - 1) / PieceLength, ref body);
        }
        else
        {
            body.Multiply(0, length);
        }
    }

    public void Execute(int tile, int worker) => Multiply(tile * PieceLength, Math.Min(PieceLength, length - tile * PieceLength));

    private void Multiply(int first, int count)
    {
        var factors = new Span<float>(mask + first, count);
        random?.FillKeepMask(factors, keepProbability, first);
        VectorMath.Multiply(new ReadOnlySpan<float>(values + first, count), factors, new Span<float>(result + first, count));
    }
}
