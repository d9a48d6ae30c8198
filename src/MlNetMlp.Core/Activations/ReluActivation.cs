using System.Numerics;
using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary><c>f(z) = max(0, z)</c>; <c>f' = 1</c> where a is positive, else 0 (also at z = 0). NaN stays NaN.</summary>
internal sealed record ReluActivation : Activation
{
    internal override Initializer DefaultInitializer => Initializer.He;

    internal override void Apply(Span<float> values) => TensorPrimitives.Max(values, 0f, values);

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(default(Slope), known, gradient);

    private readonly struct Slope : IDerivative
    {
        public Vector<float> At(Vector<float> output) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
    }
}
