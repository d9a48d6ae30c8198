using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>See <see cref="Activation.Custom"/>. The name alone tells one from another.</summary>
internal sealed record CustomActivation(string Name, Func<float, float> Function, Func<float, float> Derivative) : Activation
{
    internal override bool KeepsSlope => true;

    internal override string Text => $"{nameof(Custom)} '{Name}'";

    public bool Equals(CustomActivation? other) => other?.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    internal override void Apply(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = Function(value);
        }
    }

    internal override void ApplyWithSlope(Span<float> values, ReadOnlySpan<float> biases, Span<float> slopes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float z = biases.IsEmpty ? values[i] : values[i] + biases[i % biases.Length];
            values[i] = Function(z);
            slopes[i] = Derivative(z);
        }
    }

    internal override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) => TensorPrimitives.Multiply(known, gradient, gradient);
}
