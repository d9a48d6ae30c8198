using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>Y = max(0, Z) + a min(0, Z)</c> with a slope a [1, units] learned for each unit; see <see cref="Activation.PRelu"/>.</summary>
/// <remarks>
/// Backward, with D = dL/dY: <c>dL/da = sum over rows of D min(0, Z)</c>, <c>dL/dZ = D</c> where Z is positive, else <c>a D</c>. It goes by
/// the sign of Z: with a negative slope, Y is positive on both sides.
/// </remarks>
internal sealed class PReluLayer : Layer
{
    private readonly Parameter _slopes;

    public PReluLayer(NetworkPart part, int units, float initialSlope, ParameterLayout layout)
        : base(units, units) => _slopes = layout.Add(new($"{part}.Slopes", 1, units) { Part = part, InitialValue = initialSlope });

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) =>
        PReluStep.Rectify(pass.Parameters.Value(_slopes), input, output);

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ReadOnlySpan<float> slopes = pass.Parameters.Value(_slopes);
        Span<float> slopeGradient = pass.Parameters.Gradient(_slopes);
        slopeGradient.Clear();
        for (int i = 0; i < input.Rows; i++)
        {
            ElementwiseMath.Apply(default(SlopeGradient), slopeGradient, input.Row(i), outputGradient.Row(i), slopeGradient);
            if (inputGradient.Rows > 0)
            {
                ElementwiseMath.Apply(default(InputGradient), input.Row(i), slopes, outputGradient.Row(i), inputGradient.Row(i));
            }
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] slopes = parameters.Value(_slopes).ToArray();
        plan.Add(_ => new PReluStep(slopes));
    }

    /// <summary>The sum so far, plus what a row adds to it.</summary>
    private readonly struct SlopeGradient : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector sum, TVector z, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Add(sum, TLanes.Multiply(gradient, TLanes.Min(z, TLanes.Broadcast(0))));
    }

    private readonly struct InputGradient : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z, TVector slope, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Multiply(gradient, TLanes.IfGreater(z, TLanes.Broadcast(0), TLanes.Broadcast(1), slope));
    }
}
