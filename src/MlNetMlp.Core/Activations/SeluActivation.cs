namespace MlNetMlp;

/// <summary><c>f(z) = l z</c> for positive z, else <c>l alpha (exp(z) - 1)</c>; <c>f' = l</c> where a is positive, else <c>a + l alpha</c>.</summary>
internal sealed record SeluActivation : FormulaActivation<EluFormula>
{
    /// <summary>l.</summary>
    public const float Scale = 1.05070098735548f;

    /// <summary>alpha.</summary>
    public const float Alpha = 1.67326324235438f;

    /// <summary>l alpha.</summary>
    public const float NegativeScale = 1.75809934084738f;

    internal override Initializer DefaultInitializer => Initializer.LeCun;

    private protected override EluFormula Formula => new(Scale, NegativeScale);
}
