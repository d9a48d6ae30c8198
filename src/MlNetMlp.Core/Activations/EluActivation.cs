using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z</c> for positive z, else <c>alpha (exp(z) - 1)</c>; <c>f' = 1</c> where a is positive, else <c>a + alpha</c>.</summary>
internal sealed record EluActivation : FormulaActivation<EluFormula>
{
    public EluActivation(float alpha) => Alpha = Require.Positive(alpha, nameof(alpha));

    public float Alpha { get; }

    internal override Initializer DefaultInitializer => Initializer.He;

    private protected override EluFormula Formula => new(1, Alpha);
}
