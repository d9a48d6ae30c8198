using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One link of a <see cref="ScoringPlan"/>: <c>f(X W + b)</c> with packed weights. Immutable.</summary>
internal sealed class ScoringStep(PackedMatrix weights, AlignedBuffer biases, Activation activation)
{
    public int InputSize => weights.Rows;

    public int OutputSize => weights.Columns;

    /// <summary>Computes <paramref name="output"/> [rows, <see cref="OutputSize"/>]; every row has the bits it would have alone.</summary>
    public void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) =>
        MatMul.Multiply(input, weights, output, new BiasAndActivation(biases, 0, activation));
}
