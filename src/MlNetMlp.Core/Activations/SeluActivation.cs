using System.Numerics;
using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = l max(0, z) + l alpha expm1(min(0, z))</c>; <c>f' = l</c> where a is positive, else <c>a + l alpha</c>.</summary>
internal sealed record SeluActivation : Activation
{
    /// <summary>l.</summary>
    public const float Scale = 1.05070098735548f;

    /// <summary>alpha.</summary>
    public const float Alpha = 1.67326324235438f;

    /// <summary>l alpha.</summary>
    public const float NegativeScale = 1.75809934084738f;

    internal override Initializer DefaultInitializer => Initializer.LeCun;

    internal override void Apply(Span<float> values)
    {
        Span<float> negative = stackalloc float[Math.Min(values.Length, 256)];
        while (!values.IsEmpty)
        {
            Span<float> chunk = values[..Math.Min(values.Length, negative.Length)];
            Span<float> tail = negative[..chunk.Length];
            TensorPrimitives.Min(chunk, 0f, tail);
            VectorMath.Expm1(tail, tail);
            TensorPrimitives.Multiply(tail, NegativeScale, tail);
            TensorPrimitives.Max(chunk, 0f, chunk);
            TensorPrimitives.Multiply(chunk, Scale, chunk);
            TensorPrimitives.Add(chunk, tail, chunk);
            values = values[chunk.Length..];
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        Derivative.Multiply(default(Slope), known, gradient);

    private readonly struct Slope : IDerivative
    {
        public Vector<float> At(Vector<float> output) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), new Vector<float>(Scale), output + new Vector<float>(NegativeScale));
    }
}
