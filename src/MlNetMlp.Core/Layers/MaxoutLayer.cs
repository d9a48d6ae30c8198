using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>Y[i, j] = max over p of Z[i, p units + j]</c>: piece after piece, each with a column for every unit; see
/// <see cref="Activation.Maxout"/>.
/// </summary>
/// <remarks>Backward: the gradient goes to the piece that was the largest, the first one of equals; the others get zero.</remarks>
internal sealed class MaxoutLayer : Layer
{
    private readonly int _pieces;

    public MaxoutLayer(int units, int pieces)
        : base(checked(units * pieces), units) => _pieces = pieces;

    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) => MaxoutStep.Maximum(input, output);

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        for (int i = 0; i < inputGradient.Rows; i++)
        {
            for (int start = 0; start < InputSize; start += OutputSize)
            {
                TakeGradient(input.Row(i).Slice(start, OutputSize), output.Row(i), outputGradient.Row(i), inputGradient.Row(i).Slice(start, OutputSize));
            }
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.Add(_ => new MaxoutStep(OutputSize, _pieces));

    /// <summary>Moves the gradient of those units whose largest sum is in this piece, so that none is left for the pieces behind.</summary>
    private static void TakeGradient(ReadOnlySpan<float> piece, ReadOnlySpan<float> largest, Span<float> gradient, Span<float> taken)
    {
        ElementwiseMath.Apply(default(WhereLargest), piece, largest, gradient, taken);
        ElementwiseMath.Apply(default(WhereSmaller), piece, largest, gradient, gradient);
    }

    private readonly struct WhereLargest : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector piece, TVector largest, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.IfGreater(largest, piece, TLanes.Broadcast(0), gradient);
    }

    private readonly struct WhereSmaller : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector piece, TVector largest, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.IfGreater(largest, piece, gradient, TLanes.Broadcast(0));
    }
}
