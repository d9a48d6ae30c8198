using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The largest of the weighted sums of each unit: <c>Y[i, j] = max over p of Z[i, p units + j]</c>; see <see cref="Activation.Maxout"/>.</summary>
internal sealed class MaxoutStep(int units, int pieces) : ScoringStep(units * pieces, units)
{
    /// <summary>The number of sums of a unit; those of all units for the first piece come first.</summary>
    public int Pieces => pieces;

    public override double LargestOutput(double input) => input;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => Maximum(input, output);

    /// <summary>Computes Y [rows, units] from Z [rows, pieces units].</summary>
    public static void Maximum(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        int units = output.Columns;
        for (int i = 0; i < input.Rows; i++)
        {
            ReadOnlySpan<float> sums = input.Row(i);
            Span<float> largest = output.Row(i);
            sums[..units].CopyTo(largest);
            for (int start = units; start < sums.Length; start += units)
            {
                TensorPrimitives.Max(largest, sums.Slice(start, units), largest);
            }
        }
    }
}
