using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>Y = X / sqrt(X X + epsilon)</c>, row by row: the length depends on the row, so no weights can take it in.</summary>
internal sealed class UnitLengthStep(int size, float epsilon) : ScoringStep(size, size)
{
    public float Epsilon => epsilon;

    public override double LargestOutput(double input) => input > Activation.LargestPlainSum ? double.PositiveInfinity : 1;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            TensorPrimitives.Multiply(input.Row(i), InverseLength(input.Row(i), epsilon), output.Row(i));
        }
    }

    /// <summary><c>1 / sqrt(X X + epsilon)</c> of one row; the sum is taken in double and in a fixed order.</summary>
    public static float InverseLength(ReadOnlySpan<float> row, float epsilon) => (float)(1 / Math.Sqrt(OrderedSum.OfSquares(row) + epsilon));
}
