using System.Numerics;
using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = max(z, slope z)</c> with a slope below 1; <c>f' = 1</c> where a is positive, else the slope.</summary>
internal sealed record LeakyReluActivation : Activation
{
    public LeakyReluActivation(float slope) => NegativeSlope = Require.InRangeAbove(slope, 0f, 1f, nameof(slope));

    public float NegativeSlope { get; }

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override void Apply(Span<float> values)
    {
        // A chunk of the scaled copy at a time: the copy stays in the first cache level and on the stack.
        Span<float> scaled = stackalloc float[Math.Min(values.Length, 256)];
        while (!values.IsEmpty)
        {
            Span<float> chunk = values[..Math.Min(values.Length, scaled.Length)];
            TensorPrimitives.Multiply(chunk, NegativeSlope, scaled);
            TensorPrimitives.Max(chunk, scaled[..chunk.Length], chunk);
            values = values[chunk.Length..];
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(new Slope(NegativeSlope), known, gradient);

    private readonly struct Slope(float negative) : IDerivative
    {
        public Vector<float> At(Vector<float> output) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), Vector<float>.One, new Vector<float>(negative));
    }
}
