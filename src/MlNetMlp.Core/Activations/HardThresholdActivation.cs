namespace MlNetMlp;

/// <summary><c>f(z) = 1</c> for positive z, else 0; <c>f' = 0</c>. NaN stays NaN.</summary>
internal sealed record HardThresholdActivation : Activation
{
    internal override bool HasSlope => false;

    internal override void Apply(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = value > 0 ? 1 : value <= 0 ? 0 : value;
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) => gradient.Clear();
}
