using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z s</c> with the sigmoid <c>s = 1 / (1 + exp(-z))</c>; <c>f' = s (1 + z (1 - s))</c>.</summary>
internal sealed record SiluActivation : Activation
{
    /// <summary>The number of values that one step works on: they stay in the first cache level and on the stack.</summary>
    private const int Chunk = 256;

    /// <summary>Far below, f is 0; the product of an infinite z and that 0 would be NaN.</summary>
    private const float Bound = 1e4f;

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override bool NeedsInput => true;

    internal override void Apply(Span<float> values)
    {
        Span<float> factors = stackalloc float[Math.Min(values.Length, Chunk)];
        while (!values.IsEmpty)
        {
            Span<float> z = values[..Math.Min(values.Length, Chunk)], factor = factors[..z.Length];
            VectorMath.Sigmoid(z, factor);
            TensorPrimitives.Max(z, -Bound, z);
            TensorPrimitives.Multiply(z, factor, z);
            values = values[z.Length..];
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient)
    {
        Span<float> buffer = stackalloc float[2 * Math.Min(known.Length, Chunk)];
        for (int done = 0; done < known.Length; done += Chunk)
        {
            ReadOnlySpan<float> z = known[done..Math.Min(known.Length, done + Chunk)];
            Span<float> s = buffer[..z.Length], slope = buffer.Slice(z.Length, z.Length), g = gradient.Slice(done, z.Length);
            VectorMath.Sigmoid(z, s);
            TensorPrimitives.Subtract(1f, s, slope);
            for (int i = 0; i < z.Length; i++)
            {
                g[i] *= s[i] * (1 + Math.Clamp(z[i], -Bound, Bound) * slope[i]);
            }
        }
    }
}
