using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One link of a <see cref="ScoringPlan"/>. Immutable once the plan is built.</summary>
internal abstract class ScoringStep(int inputSize, int outputSize)
{
    public int InputSize => inputSize;

    public int OutputSize => outputSize;

    /// <summary>Whether the input is to be kept for the next step that <see cref="AddsKept"/>.</summary>
    public bool KeepsInput { get; set; }

    /// <summary>Whether the input that was kept last is to be added to the output.</summary>
    public bool AddsKept { get; set; }

    /// <summary>Computes <paramref name="output"/> [rows, <see cref="OutputSize"/>]; every row has the bits it would have alone.</summary>
    public abstract void Apply(ReadOnlyMatrixSpan input, MatrixSpan output);
}
