using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The three products of <see cref="MemberScalesLayer"/>, shared out over the threads by what is written, so that every sum has its order.</summary>
/// <param name="kind">What is written.</param>
/// <param name="rows">The rows of the input.</param>
/// <param name="columns">The inputs.</param>
/// <param name="members">k.</param>
internal unsafe struct MemberProduct(MemberProduct.Kind kind, int rows, int columns, int members) : IParallelBody
{
    private const int PieceLength = 1 << 13;

    /// <summary>Below this many elements another thread costs more than it saves.</summary>
    private const int SmallProduct = 1 << 15;

    /// <summary>The rows of a member, or of the input, that one piece of the work has.</summary>
    private readonly int _rowsAtOnce = Math.Max(1, PieceLength / columns);

    public enum Kind
    {
        /// <summary>Y.</summary>
        Output,

        /// <summary>dL/dR.</summary>
        ScaleGradient,

        /// <summary>dL/dX.</summary>
        InputGradient,
    }

    /// <summary>X [rows, inputs], or its gradient.</summary>
    public required float* Input { get; init; }

    /// <summary>R [members, inputs], or its gradient.</summary>
    public required float* Scales { get; init; }

    /// <summary>Y [members rows, inputs], or its gradient.</summary>
    public required float* Output { get; init; }

    private readonly int Chunks => (rows + _rowsAtOnce - 1) / _rowsAtOnce;

    public readonly void Run(ThreadTeam team)
    {
        MemberProduct body = this;
        int tiles = kind switch { Kind.Output => members * Chunks, Kind.ScaleGradient => members, _ => Chunks };
        if ((long)members * rows * columns >= SmallProduct)
        {
            team.Run(tiles, ref body);
            return;
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            Execute(tile, 0);
        }
    }

    public readonly void Execute(int tile, int worker)
    {
        switch (kind)
        {
            case Kind.Output:
                (int member, int chunk) = Math.DivRem(tile, Chunks);
                WriteOutput(member, chunk * _rowsAtOnce, End(chunk));
                break;
            case Kind.ScaleGradient:
                WriteScaleGradient(tile);
                break;
            default:
                WriteInputGradient(tile * _rowsAtOnce, End(tile));
                break;
        }
    }

    private readonly void WriteOutput(int member, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            TensorPrimitives.Multiply<float>(Row(Input, i), Row(Scales, member), Row(Output, member * rows + i));
        }
    }

    private readonly void WriteScaleGradient(int member)
    {
        Span<float> sum = Row(Scales, member);
        sum.Clear();
        for (int i = 0; i < rows; i++)
        {
            TensorPrimitives.MultiplyAdd<float>(Row(Input, i), Row(Output, member * rows + i), sum, sum);
        }
    }

    private readonly void WriteInputGradient(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            Span<float> sum = Row(Input, i);
            sum.Clear();
            for (int member = 0; member < members; member++)
            {
                TensorPrimitives.MultiplyAdd<float>(Row(Output, member * rows + i), Row(Scales, member), sum, sum);
            }
        }
    }

    private readonly int End(int chunk) => Math.Min(rows, (chunk + 1) * _rowsAtOnce);

    private readonly Span<float> Row(float* matrix, int row) => new(matrix + ((nint)row * columns), columns);
}
