using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The largest of the sums of each unit; see <see cref="MaxoutLayer"/>.</summary>
internal sealed class MaxoutStep(int units, int pieces) : ScoringStep(units * pieces, units)
{
    /// <summary>The number of sums of a unit; those of all units for the first piece come first.</summary>
    public int Pieces => pieces;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => MaxoutLayer.Apply(input, output);
}
