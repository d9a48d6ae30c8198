using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>max(0, z) + a min(0, z)</c> with a slope for each unit; see <see cref="Activation.PRelu"/>.</summary>
internal sealed class PReluStep(float[] slopes) : ScoringStep(slopes.Length, slopes.Length)
{
    /// <summary>a, [units].</summary>
    public ReadOnlySpan<float> Slopes => slopes;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => PReluLayer.Apply(slopes, input, output);
}
