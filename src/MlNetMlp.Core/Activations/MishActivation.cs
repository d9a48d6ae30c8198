using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z t</c> with <c>t = tanh(ln(1 + exp(z)))</c>; <c>f' = t + z (1 - t^2) / (1 + exp(-z))</c>.</summary>
internal sealed record MishActivation : GatedActivation
{
    private protected override void Gate(ReadOnlySpan<float> z, Span<float> gate)
    {
        VectorMath.Softplus(z, gate);
        VectorMath.Tanh(gate, gate);
    }

    private protected override void MultiplyByDerivative(ReadOnlySpan<float> z, Span<float> gradient, Span<float> first, Span<float> second)
    {
        Span<float> t = first, s = second;
        Gate(z, t);
        VectorMath.Sigmoid(z, s);
        for (int i = 0; i < z.Length; i++)
        {
            gradient[i] *= t[i] + Math.Clamp(z[i], -Bound, Bound) * ((1 - t[i]) * (1 + t[i])) * s[i];
        }
    }
}
