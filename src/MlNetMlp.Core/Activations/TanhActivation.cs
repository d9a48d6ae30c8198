using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = tanh(z)</c>; <c>f' = 1 - a^2</c>.</summary>
internal sealed record TanhActivation : Activation
{
    internal override float? SteepestSlope => 1;

    internal override void Apply(Span<float> values) => VectorMath.Tanh(values, values);

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(default(Slope), known, gradient);

    private readonly struct Slope : IDerivative
    {
        public Vector<float> At(Vector<float> output) => Vector<float>.One - output * output;
    }
}
