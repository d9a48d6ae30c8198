using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z P(z)</c> with the normal distribution's P; <c>f' = P(z) + z exp(-z^2 / 2) / sqrt(2 pi)</c>.</summary>
internal sealed record GeluActivation : Activation
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
            for (int i = 0; i < z.Length; i++)
            {
                factor[i] = (float)NormalDistribution.Cumulative(z[i]);
            }

            TensorPrimitives.Max(z, -Bound, z);
            TensorPrimitives.Multiply(z, factor, z);
            values = values[z.Length..];
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient)
    {
        for (int i = 0; i < known.Length; i++)
        {
            double z = Math.Clamp(known[i], -Bound, Bound);
            gradient[i] *= (float)(NormalDistribution.Cumulative(z) + z * NormalDistribution.Density(z));
        }
    }
}
