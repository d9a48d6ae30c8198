namespace MlNetMlp;

/// <summary><c>f(z) = z</c>, <c>f' = 1</c>.</summary>
internal sealed record IdentityActivation : Activation
{
    internal override void Apply(Span<float> values)
    {
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient)
    {
    }
}
