using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One link of a <see cref="ScoringPlan"/>. Immutable once the plan is built.</summary>
internal abstract class ScoringStep(int inputSize, int outputSize)
{
    public int InputSize => inputSize;

    public int OutputSize => outputSize;

    /// <summary>How many blocks of rows, each as long as the input, the output has, one behind the other. Default 1.</summary>
    public virtual int RowsPerRow => 1;

    /// <summary>Whether the input is to be kept for the next step that <see cref="AddsKept"/>.</summary>
    public bool KeepsInput { get; set; }

    /// <summary>Whether the input that was kept last is to be added to the output.</summary>
    public bool AddsKept { get; set; }

    /// <summary>Whether <see cref="Apply(ReadOnlySpan{int}, ReadOnlySpan{float}, Span{float})"/> can be called.</summary>
    public virtual bool TakesSparse => false;

    /// <summary>The numbers of the step in the order in which its formula names them, for those who write a network down in another form.</summary>
    public virtual IReadOnlyList<float[]> Numbers => [];

    /// <summary>What no output is larger than in size if no input is larger than <paramref name="input"/>; infinite where nothing is promised.</summary>
    public abstract double LargestOutput(double input);

    /// <summary>
    /// Computes <paramref name="output"/> [rows <see cref="RowsPerRow"/>, <see cref="OutputSize"/>]; every row has the bits it would have alone.
    /// </summary>
    public abstract void Apply(ReadOnlyMatrixSpan input, MatrixSpan output);

    /// <summary>The same for one sparse row, with the same bits (but for the sign of a zero).</summary>
    /// <exception cref="NotSupportedException">The step needs dense rows.</exception>
    public virtual void Apply(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, Span<float> output) =>
        throw new NotSupportedException($"{GetType().Name} needs dense rows.");
}
