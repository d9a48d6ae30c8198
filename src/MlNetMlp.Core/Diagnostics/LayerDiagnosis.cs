namespace MlNetMlp.Diagnostics;

/// <summary>What a diagnosis found out about one layer.</summary>
/// <param name="Name">The layer: <c>Hidden1</c> and so on, or <c>Output</c>.</param>
/// <param name="Units">The number of its units.</param>
/// <param name="DeadAtStart">The share of its units that were zero for all rows before the training; null if their activation cannot be dead.</param>
/// <param name="Dead">The same after it.</param>
/// <param name="Saturated">
/// The share of its activations, over rows and units, whose slope is less than a twentieth of the steepest; null if the activation has no
/// limits.
/// </param>
/// <param name="GradientNorm">The Euclidean norm of the gradient of its weights; the median of the later half of the steps.</param>
/// <param name="UpdateRatio">The norm of a step of its weights by the norm of the weights; the median of the later half of the steps.</param>
/// <param name="LargestUpdateRatio">The largest such ratio of all steps; 0 for weights that started at 0.</param>
public sealed record LayerDiagnosis(
    string Name, int Units, double? DeadAtStart, double? Dead, double? Saturated, double GradientNorm, double UpdateRatio, double LargestUpdateRatio);
