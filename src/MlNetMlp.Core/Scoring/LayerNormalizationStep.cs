using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(gamma X^ + beta)</c>, row by row: mean and variance depend on the row, so no weights can take them in.</summary>
internal sealed class LayerNormalizationStep(float[] gain, float[] shift, float epsilon, Activation activation) : ScoringStep(gain.Length, gain.Length)
{
    /// <summary>gamma, [units].</summary>
    public ReadOnlySpan<float> Gain => gain;

    /// <summary>beta, [units].</summary>
    public ReadOnlySpan<float> Shift => shift;

    public float Epsilon => epsilon;

    /// <summary>f.</summary>
    public Activation Activation => activation;

    public override IReadOnlyList<float[]> Numbers => [gain, shift];

    public override double LargestOutput(double input) => input > Activation.LargestPlainSum
        ? double.PositiveInfinity
        : activation.LargestOutput(Math.Sqrt(InputSize) * Math.Abs(TensorPrimitives.MaxMagnitude(Gain)) + Math.Abs(TensorPrimitives.MaxMagnitude(Shift)));

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            Span<float> row = output.Row(i);
            Normalize(input.Row(i), epsilon, row);
            TensorPrimitives.MultiplyAdd(row, gain, shift, row);
        }

        activation.Apply(output.Values);
    }

    /// <summary>Writes X^ of one row and returns <c>1 / sqrt(variance + epsilon)</c>.</summary>
    public static float Normalize(ReadOnlySpan<float> row, float epsilon, Span<float> normalized)
    {
        float inverse = Center(row, epsilon, normalized);
        TensorPrimitives.Multiply(normalized, inverse, normalized);
        return inverse;
    }

    /// <summary>
    /// Writes <c>X - mean</c> of one row and returns <c>1 / sqrt(variance + epsilon)</c>; the sums are taken in double and in a fixed order.
    /// </summary>
    public static float Center(ReadOnlySpan<float> row, float epsilon, Span<float> centered)
    {
        // In two passes: the second sees the distances from the mean, so no digits cancel.
        TensorPrimitives.Subtract(row, (float)(OrderedSum.Of(row) / row.Length), centered);
        return (float)(1 / Math.Sqrt(OrderedSum.OfSquares(centered) / row.Length + epsilon));
    }
}
