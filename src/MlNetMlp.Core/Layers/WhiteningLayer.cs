using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>Y = X W</c> with a matrix W that was found before the training; see <see cref="Whitening"/>.</summary>
internal sealed class WhiteningLayer(Whitening whitening) : Layer(whitening.FeatureCount, whitening.Components)
{
    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) =>
        MatMul.Multiply(input, whitening.Matrix, output, pass.Team, default(NoEpilogue));

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        if (inputGradient.Rows > 0)
        {
            MatMul.MultiplyTransposed(outputGradient, whitening.Matrix, inputGradient, pass.Team);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.AddFoldable(whitening.Matrix);
}
