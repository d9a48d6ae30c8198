using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = 1 / (1 + exp(-z))</c>; <c>f' = a (1 - a)</c>.</summary>
internal sealed record SigmoidActivation : Activation
{
    internal override float? SteepestSlope => 0.25f;

    internal override void Apply(Span<float> values) => VectorMath.Sigmoid(values, values);

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(default(Slope), known, gradient);

    private readonly struct Slope : IDerivative
    {
        public Vector<float> At(Vector<float> output) => output * (Vector<float>.One - output);
    }
}
