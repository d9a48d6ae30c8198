using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A network as it scores: a chain of <c>f(X W + b)</c>, with layer normalizations between and connections around parts of it. Layers
/// add themselves one after the other; whatever is a constant affine map at scoring time (batch normalization, the units of the
/// targets) disappears into the weights in front of it.
/// </summary>
internal sealed class ScoringPlan
{
    private readonly List<Step> _steps = [];
    private bool _keepsInput;

    /// <summary>Appends <c>X W + b</c>; an empty <paramref name="biases"/> means zeros. Both are copied.</summary>
    public void AddAffine(ReadOnlyMatrixSpan weights, ReadOnlySpan<float> biases)
    {
        var step = new Affine(new AlignedBuffer(weights.Values.Length), weights.Rows, weights.Columns, new AlignedBuffer(weights.Columns));
        weights.Values.CopyTo(step.Weights.Span);
        biases.CopyTo(step.Biases.Span);
        Add(step);
    }

    /// <summary>Appends <c>gain X^ + shift</c>, see <see cref="LayerNormalization"/>. Both are copied.</summary>
    public void AddLayerNormalization(ReadOnlySpan<float> gain, ReadOnlySpan<float> shift, float epsilon) =>
        Add(new RowNormalization(gain.ToArray(), shift.ToArray(), epsilon));

    /// <summary>Remembers the outputs y so far until <see cref="EndResidual"/>, with at least one step between. Not to be nested.</summary>
    public void BeginResidual() => _keepsInput = true;

    /// <summary>Adds to the outputs so far those of the last <see cref="BeginResidual"/>.</summary>
    public void EndResidual() => Last().AddsKept = true;

    /// <summary>Replaces the outputs y so far by <c>scale y + shift</c>, column by column.</summary>
    /// <exception cref="InvalidOperationException">The outputs so far do not come straight from an affine map.</exception>
    public void ScaleOutputs(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        if (Last() is not Affine { AddsKept: false } last || last.Activation != Activation.Identity)
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
    /// <exception cref="OverflowException">A folded weight is not finite: no row could ever be scored.</exception>
    public ScoringStep[] Build() => [.. _steps.Select(step => step.Build())];

    private void Add(Step step)
    {
        step.KeepsInput = _keepsInput;
        _keepsInput = false;
        _steps.Add(step);
    }

    private Step Last() => _steps.Count > 0 ? _steps[^1] : throw new InvalidOperationException("The plan has no affine map yet.");

    private abstract class Step
    {
        public Activation Activation { get; set; } = Activation.Identity;

        public bool KeepsInput { get; set; }

        public bool AddsKept { get; set; }

        public abstract ScoringStep Build();
    }

    private sealed class Affine(AlignedBuffer weights, int inputs, int outputs, AlignedBuffer biases) : Step
    {
        public AlignedBuffer Weights => weights;

        public int Inputs => inputs;

        public int Outputs => outputs;

        public AlignedBuffer Biases => biases;

        public override ScoringStep Build() => RowOps.AllFinite(weights.Span) && RowOps.AllFinite(biases.Span)
            ? new AffineStep(new PackedMatrix(weights.AsMatrix(inputs, outputs)), biases, Activation) { KeepsInput = KeepsInput, AddsKept = AddsKept }
            : throw new OverflowException("The parameters give weights that are not finite.");
    }

    private sealed class RowNormalization(float[] gain, float[] shift, float epsilon) : Step
    {
        public override ScoringStep Build() => new LayerNormalizationStep(gain, shift, epsilon, Activation) { KeepsInput = KeepsInput, AddsKept = AddsKept };
    }
}
