using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A network as it scores: a chain of <c>f(X W + b)</c>. Layers add themselves one after the other; whatever is a constant affine
/// map at scoring time (batch normalization, the units of the targets) disappears into the weights in front of it.
/// </summary>
internal sealed class ScoringPlan
{
    private readonly List<Step> _steps = [];

    /// <summary>Appends <c>X W + b</c>; an empty <paramref name="biases"/> means zeros. Both are copied.</summary>
    public void AddAffine(ReadOnlyMatrixSpan weights, ReadOnlySpan<float> biases)
    {
        var step = new Step(new AlignedBuffer(weights.Values.Length), weights.Rows, weights.Columns, new AlignedBuffer(weights.Columns));
        weights.Values.CopyTo(step.Weights.Span);
        biases.CopyTo(step.Biases.Span);
        _steps.Add(step);
    }

    /// <summary>Replaces the outputs y so far by <c>scale y + shift</c>, column by column.</summary>
    /// <exception cref="InvalidOperationException">The outputs so far do not come straight from an affine map.</exception>
    public void ScaleOutputs(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        Step last = Last();
        if (last.Activation != Activation.Identity)
        {
            throw new InvalidOperationException("Only the result of an affine map can be rescaled by rescaling weights.");
        }

        for (int i = 0; i < last.Inputs; i++)
        {
            Span<float> row = last.Weights.Span.Slice(i * last.Outputs, last.Outputs);
            TensorPrimitives.Multiply(row, scale, row);
        }

        TensorPrimitives.MultiplyAdd(last.Biases.Span, scale, shift, last.Biases.Span);
    }

    /// <summary>Applies <paramref name="activation"/> to the outputs so far.</summary>
    public void SetActivation(Activation activation) => Last().Activation = activation;

    /// <summary>Packs the weights for the kernels.</summary>
    /// <exception cref="ArgumentException">A folded weight is not finite: no row could ever be scored.</exception>
    public ScoringStep[] Build() => [.. _steps.Select(Build)];

    private static ScoringStep Build(Step step) => RowOps.AllFinite(step.Weights.Span) && RowOps.AllFinite(step.Biases.Span)
        ? new ScoringStep(new PackedMatrix(step.Weights.AsMatrix(step.Inputs, step.Outputs)), step.Biases, step.Activation)
        : throw new ArgumentException("The parameters give weights that are not finite.");

    private Step Last() => _steps.Count > 0 ? _steps[^1] : throw new InvalidOperationException("The plan has no affine map yet.");

    private sealed class Step(AlignedBuffer weights, int inputs, int outputs, AlignedBuffer biases)
    {
        public AlignedBuffer Weights => weights;

        public int Inputs => inputs;

        public int Outputs => outputs;

        public AlignedBuffer Biases => biases;

        public Activation Activation { get; set; } = Activation.Identity;
    }
}
