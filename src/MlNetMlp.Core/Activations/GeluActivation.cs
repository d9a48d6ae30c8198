using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z P(z)</c> with the normal distribution's P; <c>f' = P(z) + z exp(-z^2 / 2) / sqrt(2 pi)</c>.</summary>
internal sealed record GeluActivation : GatedActivation
{
    private protected override void Gate(ReadOnlySpan<float> z, Span<float> gate)
    {
        for (int i = 0; i < z.Length; i++)
        {
            gate[i] = (float)NormalDistribution.Cumulative(z[i]);
        }
    }

    private protected override void MultiplyByDerivative(ReadOnlySpan<float> z, Span<float> gradient, Span<float> first, Span<float> second)
    {
        for (int i = 0; i < z.Length; i++)
        {
            double bounded = Math.Clamp(z[i], -Bound, Bound);
            gradient[i] *= (float)(NormalDistribution.Cumulative(bounded) + bounded * NormalDistribution.Density(bounded));
        }
    }
}
