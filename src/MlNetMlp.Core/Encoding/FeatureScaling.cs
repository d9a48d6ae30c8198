using MlNetMlp.Networks;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How the features are shifted and scaled before they enter the network, as a part of the model.</summary>
/// <remarks>
/// A feature that is missing in all training rows, that is constant, or whose spread is below about 3e-39 is ignored, in training and in scoring,
/// whatever value it takes later. A value whose distance from the middle is beyond single precision (3.4e38) is refused.
/// </remarks>
public sealed record FeatureScaling : ISettings
{
    private readonly string _name;

    private FeatureScaling(string name) => _name = name;

    /// <summary>As they are.</summary>
    public static FeatureScaling None { get; } = new(nameof(None));

    /// <summary>Every feature to mean 0 and variance 1 over the training rows.</summary>
    public static FeatureScaling Standardize { get; } = new(nameof(Standardize));

    /// <summary>
    /// Numbers to mean 0 and variance 1; features that only ever are 0 or 1, as those of <c>OneHotEncoding</c>, stay as they are, for a rare one would
    /// become a very large number. So do those of <see cref="TrainingTask.CategoricalGroups"/>, also of sparse rows.
    /// </summary>
    public static FeatureScaling StandardizeNumbers { get; } = new(nameof(StandardizeNumbers));

    /// <summary>
    /// Numbers to median 0 and distance 1 between the quartiles, or 2 between least and greatest value where the quartiles coincide; features that only
    /// ever are 0 or 1 and those of <see cref="TrainingTask.CategoricalGroups"/> stay as they are. Few extreme values do not matter.
    /// </summary>
    /// <remarks>Quartiles are those of at most 10,000 training rows, evenly spread over all.</remarks>
    public static FeatureScaling Robust { get; } = new(nameof(Robust));

    internal bool Scales => _name != nameof(None);

    internal bool KeepsIndicators => _name is nameof(StandardizeNumbers) or nameof(Robust);

    internal bool UsesQuartiles => _name == nameof(Robust);

    /// <summary>The name.</summary>
    public override string ToString() => _name;
}
