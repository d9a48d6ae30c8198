using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One link of a <see cref="ScoringPlan"/> with its numbers in the clear, for those who write a network down in another form.</summary>
/// <param name="Step">The step, for links of all kinds but affine ones.</param>
/// <param name="Weights">W [inputs, outputs], row after row, of an affine link; null for others.</param>
/// <param name="Biases">b [outputs] of an affine link; null for others.</param>
/// <param name="InputSize">The number of inputs.</param>
/// <param name="OutputSize">The number of outputs.</param>
/// <param name="Activation">What is applied to the outputs.</param>
/// <param name="KeepsInput">Whether the input is to be kept for the next link that <paramref name="AddsKept"/>.</param>
/// <param name="AddsKept">Whether the input that was kept last is to be added to the output, behind the activation.</param>
internal sealed record ScoringLink(
    ScoringStep? Step, AlignedBuffer? Weights, AlignedBuffer? Biases, int InputSize, int OutputSize, Activation Activation, bool KeepsInput, bool AddsKept)
{
    /// <summary>Whether the link is a part of the step that takes encoded features without their columns; see <see cref="EncodedAffineStep"/>.</summary>
    public bool IsOfEncodedStep { get; init; }

    /// <summary>The affine links of the outputs of the members that share the network; empty for other links.</summary>
    public IReadOnlyList<ScoringLink> Members { get; init; } = [];
}
