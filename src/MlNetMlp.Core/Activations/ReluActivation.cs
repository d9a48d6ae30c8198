using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MlNetMlp;

/// <summary><c>f(z) = max(0, z)</c>; <c>f' = 1</c> where a is positive, else 0 (also at z = 0). NaN stays NaN.</summary>
internal sealed record ReluActivation : Activation
{
    internal override Initializer DefaultInitializer => Initializer.He;

    internal override bool CanDie => true;

    internal override void Apply(Span<float> values) => TensorPrimitives.Max(values, 0f, values);

    internal override void Apply(Span<float> values, ReadOnlySpan<float> biases)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        ReadOnlySpan<Vector<float>> added = MemoryMarshal.Cast<float, Vector<float>>(biases);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector.Max(vectors[i] + added[i], Vector<float>.Zero);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            values[i] = MathF.Max(values[i] + biases[i], 0f);
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(default(Slope), known, gradient);

    private readonly struct Slope : IDerivative
    {
        public Vector<float> At(Vector<float> output) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
    }
}
