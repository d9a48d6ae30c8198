using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Passes its input on, and adds to what is minimised <c>lambda / B sum over the B rows of v sum |x|</c>, with the weight v of the row; see
/// <see cref="HiddenLayer.ActivityRegularization"/>.
/// </summary>
/// <remarks>Backward: <c>dL/dX = dL/dY + lambda / B v sign(X)</c>, with sign(0) = 0.</remarks>
internal sealed class ActivityPenaltyLayer(int size, Schedule strength) : Layer(size, size)
{
    private float _lambda = strength.BaseRate;
    private double _penalty;

    /// <summary><c>lambda sum over rows of v sum |x|</c> in the last pass, in double and in a fixed order; 0 if that was no training.</summary>
    public override double Penalty => _penalty;

    public override bool Learns => false;

    public override void At(in ScheduleMoment moment) => _lambda = strength.RateAt(moment);

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        input.Values.CopyTo(output.Values);
        double sum = 0;
        for (int i = 0; i < input.Rows && pass.Mode == PassMode.Training; i++)
        {
            sum += pass.WeightOf(i) * OrderedSum.OfMagnitudes(input.Row(i));
        }

        _penalty = _lambda * sum;
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        if (pass.Mode != PassMode.Training)
        {
            outputGradient.Values[..inputGradient.Values.Length].CopyTo(inputGradient.Values);
            return;
        }

        for (int i = 0; i < inputGradient.Rows; i++)
        {
            Span<float> gradient = inputGradient.Row(i);
            VectorMath.Sign(input.Row(i), gradient);
            TensorPrimitives.MultiplyAdd(gradient, _lambda / input.Rows * pass.WeightOf(i), outputGradient.Row(i), gradient);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
    }
}
