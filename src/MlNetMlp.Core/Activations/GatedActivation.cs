using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z g(z)</c> with a gate g between 0 and 1 that is nearly closed far below 0 and nearly open far above.</summary>
/// <remarks>
/// The derivative cannot be had from the result, but shares the exponential function and the division with it: both are computed forward.
/// </remarks>
/// <typeparam name="TFormula">f with its derivative.</typeparam>
internal abstract record GatedActivation<TFormula> : Activation
    where TFormula : struct, IElementwiseWithSlope
{
    internal sealed override Initializer DefaultInitializer => Initializer.He;

    internal sealed override bool KeepsSlope => true;

    internal sealed override void Apply(Span<float> values) => ElementwiseMath.Apply(default(WithoutSlope<TFormula>), values, values);

    internal sealed override void Apply(Span<float> values, ReadOnlySpan<float> biases) =>
        ElementwiseMath.ApplyToSum(default(WithoutSlope<TFormula>), values, biases);

    internal sealed override void ApplyWithSlope(Span<float> values, ReadOnlySpan<float> biases, Span<float> slopes) =>
        ElementwiseMath.ApplyWithSlope(default(TFormula), values, biases, values, slopes);

    internal sealed override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        VectorMath.Multiply(known, gradient, gradient);
}
