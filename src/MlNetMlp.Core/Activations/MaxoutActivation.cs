using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The largest of k weighted sums of a unit.</summary>
internal sealed record MaxoutActivation : LayeredActivation
{
    public MaxoutActivation(int pieces) => Pieces = Require.AtLeast(pieces, 2, nameof(pieces));

    public int Pieces { get; }

    internal override int SumsPerUnit => Pieces;

    /// <summary>The larger of two sums of mean 0 has the mean square of either, so weights of variance 1 / n keep it from layer to layer.</summary>
    internal override Initializer DefaultInitializer => Initializer.LeCun;
}
