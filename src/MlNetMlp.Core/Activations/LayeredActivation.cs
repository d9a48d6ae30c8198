namespace MlNetMlp;

/// <summary>
/// An activation that is more than one function of one weighted sum: it has learned parameters, or makes one result of several sums. The
/// layer in front of it leaves the sums as they are, and a layer of its own does the rest.
/// </summary>
internal abstract record LayeredActivation : Activation
{
    internal sealed override Activation Elementwise => Identity;

    internal sealed override void Apply(Span<float> values) => throw Refusal();

    internal sealed override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) => throw Refusal();

    private NotSupportedException Refusal() => new($"{GetType().Name} cannot be applied to sums one by one; it has a layer of its own.");
}
