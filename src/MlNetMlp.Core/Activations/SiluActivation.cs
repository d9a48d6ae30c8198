using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z s</c> with the sigmoid <c>s = 1 / (1 + exp(-z))</c>; <c>f' = s (1 + z (1 - s))</c>.</summary>
internal sealed record SiluActivation : GatedActivation
{
    private protected override void Gate(ReadOnlySpan<float> z, Span<float> gate) => VectorMath.Sigmoid(z, gate);

    private protected override void MultiplyByDerivative(ReadOnlySpan<float> z, Span<float> gradient, Span<float> first, Span<float> second)
    {
        Span<float> s = first, rest = second;
        VectorMath.Sigmoid(z, s);
        TensorPrimitives.Subtract(1f, s, rest);
        for (int i = 0; i < z.Length; i++)
        {
            gradient[i] *= s[i] * (1 + Math.Clamp(z[i], -Bound, Bound) * rest[i]);
        }
    }
}
