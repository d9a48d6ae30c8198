using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The largest of the sums of each unit; see <see cref="MaxoutLayer"/>.</summary>
internal sealed class MaxoutStep(int units, int pieces) : ScoringStep(units * pieces, units)
{
    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => MaxoutLayer.Apply(input, output);
}
