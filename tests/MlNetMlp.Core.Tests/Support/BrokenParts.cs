using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The hyperbolic tangent with a derivative that lacks the square: <c>1 - a</c> in the place of <c>1 - a^2</c>.</summary>
internal sealed record BrokenTanh : Activation
{
    internal override void Apply(Span<float> values) => Tanh.Apply(values);

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] *= 1 - known[i];
        }
    }
}

/// <summary>A layer whose backward step is that of another, except that one of its parameters gets too small a gradient.</summary>
internal sealed class BrokenLayer(Layer layer, Parameter parameter) : Layer(layer.InputSize, layer.OutputSize)
{
    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) => layer.Forward(pass, input, output);

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        layer.Backward(pass, input, output, outputGradient, inputGradient);
        Span<float> gradient = pass.Parameters.Gradient(parameter);
        TensorPrimitives.Multiply(gradient, 0.95f, gradient);
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => layer.AppendTo(plan, parameters);
}
