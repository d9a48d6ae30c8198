using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z</c> for positive z, else <c>a z</c> with a learned for each unit.</summary>
internal sealed record PReluActivation : LayeredActivation
{
    public PReluActivation(float initialSlope) => InitialSlope = Require.Finite(initialSlope, nameof(initialSlope));

    public float InitialSlope { get; }

    internal override Initializer DefaultInitializer => Initializer.He;
}
