using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>An activation with a formula whose derivative can be written in terms of its result.</summary>
/// <typeparam name="TFormula">Of z alone: f(z). Of a and a gradient: the gradient times f'(z).</typeparam>
internal abstract record FormulaActivation<TFormula> : Activation
    where TFormula : struct, IElementwise, IElementwiseOfTwo
{
    private protected virtual TFormula Formula => default;

    internal sealed override void Apply(Span<float> values) => ElementwiseMath.Apply(Formula, values, values);

    internal sealed override void Apply(Span<float> values, ReadOnlySpan<float> biases) => ElementwiseMath.ApplyToSum(Formula, values, biases);

    internal sealed override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient) =>
        ElementwiseMath.Apply(Formula, known, gradient, gradient);
}
