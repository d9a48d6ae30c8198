using System.Numerics;
using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = max(0, z) + alpha expm1(min(0, z))</c>; <c>f' = 1</c> where a is positive, else <c>a + alpha</c>.</summary>
internal sealed record EluActivation : Activation
{
    public EluActivation(float alpha) => Alpha = Require.Positive(alpha, nameof(alpha));

    public float Alpha { get; }

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override void Apply(Span<float> values)
    {
        Span<float> negative = stackalloc float[Math.Min(values.Length, 256)];
        while (!values.IsEmpty)
        {
            Span<float> chunk = values[..Math.Min(values.Length, negative.Length)];
            Span<float> tail = negative[..chunk.Length];
            TensorPrimitives.Min(chunk, 0f, tail);
            VectorMath.Expm1(tail, tail);
            TensorPrimitives.Multiply(tail, Alpha, tail);
            TensorPrimitives.Max(chunk, 0f, chunk);
            TensorPrimitives.Add(chunk, tail, chunk);
            values = values[chunk.Length..];
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(new Slope(Alpha), known, gradient);

    private readonly struct Slope(float alpha) : IDerivative
    {
        public Vector<float> At(Vector<float> output) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), Vector<float>.One, output + new Vector<float>(alpha));
    }
}
