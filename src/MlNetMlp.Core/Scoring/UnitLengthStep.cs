using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Rows of length 1: the length depends on the row, so no weights can take it in; see <see cref="UnitLengthLayer"/>.</summary>
internal sealed class UnitLengthStep(int size, float epsilon) : ScoringStep(size, size)
{
    public float Epsilon => epsilon;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            UnitLengthLayer.Normalize(input.Row(i), epsilon, output.Row(i));
        }
    }
}
