namespace MlNetMlp.Diagnostics;

/// <summary>What a diagnosis found about one layer.</summary>
public sealed record LayerDiagnosis
{
    internal LayerDiagnosis()
    {
    }

    /// <summary>The layer: <c>Hidden1</c> and so on, or <c>Output</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The number of its units.</summary>
    public required int Units { get; init; }

    /// <summary>The share of its units that were zero for all rows before the training; null if their activation cannot be dead.</summary>
    public required double? DeadAtStart { get; init; }

    /// <summary>The same after it.</summary>
    public required double? Dead { get; init; }

    /// <summary>
    /// The share of its activations, over rows and units, whose slope is less than a twentieth of the steepest; null if the activation has no
    /// limits.
    /// </summary>
    public required double? Saturated { get; init; }

    /// <summary>
    /// How its activations were distributed before the training; null for the outputs, and if one was not finite. See
    /// <see cref="ActivationPicture.ActivationsToSvg"/>.
    /// </summary>
    public required ActivationHistogram? ActivationsAtStart { get; init; }

    /// <summary>The same after it.</summary>
    public required ActivationHistogram? Activations { get; init; }

    /// <summary>The Euclidean norm of the gradient of its weights; the median of the later half of the steps.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The norm of a step of its weights by the norm of the weights; the median of the later half of the steps.</summary>
    public required double UpdateRatio { get; init; }

    /// <summary>The largest such ratio of all steps; 0 for weights that started at 0.</summary>
    public required double LargestUpdateRatio { get; init; }

    /// <summary>Name and numbers in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Name}: {Units} units, gradient norm {GradientNorm:G3}, update ratio {UpdateRatio:G3}, at most {LargestUpdateRatio:G3}") +
        (Activations is null ? "" : $", activations of {Activations}") +
        (Dead is null ? "" : FormattableString.Invariant($", dead {Dead:P0}, at the start {DeadAtStart:P0}")) +
        (Saturated is null ? "" : FormattableString.Invariant($", saturated {Saturated:P0}"));
}
