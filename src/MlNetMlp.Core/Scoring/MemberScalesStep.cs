using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Makes k rows of every row, one for each member of a shared ensemble: <c>Y[m rows + i, j] = X[i, j] R[m, j]</c>; see <see cref="MemberScalesLayer"/>.
/// </summary>
/// <param name="scales">R [k, inputs], row after row.</param>
/// <param name="members">k.</param>
internal sealed class MemberScalesStep(float[] scales, int members) : ScoringStep(scales.Length / members, scales.Length / members)
{
    public override int RowsPerRow => members;

    public override IReadOnlyList<float[]> Numbers => [scales];

    /// <summary>The size of the largest scale.</summary>
    public float LargestMagnitude => Math.Abs(TensorPrimitives.MaxMagnitude<float>(scales));

    public override double LargestOutput(double input) => input * LargestMagnitude;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int m = 0; m < members; m++)
        {
            ReadOnlySpan<float> own = scales.AsSpan(m * InputSize, InputSize);
            for (int i = 0; i < input.Rows; i++)
            {
                TensorPrimitives.Multiply(input.Row(i), own, output.Row(m * input.Rows + i));
            }
        }
    }
}
