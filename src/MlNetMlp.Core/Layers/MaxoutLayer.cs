using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>Y[i, j] = max over p of Z[i, p units + j]</c>: piece after piece, each with a column for every unit; see
/// <see cref="Activation.Maxout"/>.
/// </summary>
/// <remarks>Backward: the gradient goes to the piece that was the largest, the first one of equals; the others get zero.</remarks>
internal sealed unsafe class MaxoutLayer : Layer
{
    private readonly int _pieces;

    public MaxoutLayer(int units, int pieces)
        : base(checked(units * pieces), units) => _pieces = pieces;

    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) => MaxoutStep.Maximum(input, output);

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        fixed (float* sums = input.Values, largest = output.Values, gradient = outputGradient.Values, taken = inputGradient.Values)
        {
            MatrixMath.Run(new TakeGradient(sums, InputSize, OutputSize, largest, gradient, taken), inputGradient.Rows, OutputSize);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.Add(_ => new MaxoutStep(OutputSize, _pieces));

    /// <summary>Moves the gradient of those units whose largest sum is in a piece, so that none is left for the pieces behind.</summary>
    private readonly struct TakeGradient(float* sums, int sumsPerRow, int units, float* largest, float* gradient, float* taken) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector zero = TLanes.Broadcast(0), maximum = access.Load(largest + at), left = access.Load(gradient + at);
            nint first = ((nint)row * sumsPerRow) + column;
            for (int start = 0; start < sumsPerRow; start += units)
            {
                TVector piece = access.Load(sums + first + start);
                access.Store(taken + first + start, TLanes.IfGreater(maximum, piece, zero, left));
                left = TLanes.IfGreater(maximum, piece, left, zero);
            }
        }
    }
}
