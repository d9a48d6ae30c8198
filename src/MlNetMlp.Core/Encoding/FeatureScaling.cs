using System.Globalization;
using MlNetMlp.Networks;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How the features are shifted and scaled before they enter the network, as a part of the model.</summary>
/// <remarks>
/// A feature that is missing in all training rows, that is constant, or whose spread is below about 3e-39 is ignored, in training and in scoring,
/// whatever value it takes later. A value whose distance from the middle is beyond single precision (3.4e38) is refused.
/// <para>
/// Where a few values, such as 1e20 for one that is missing, are so far from the others that these would be one number once they are standardized, and the
/// features are encoded or indicators kept, such a feature has the bulk of its values between -1 and 1 instead, and all numbers are clipped smoothly.
/// </para>
/// </remarks>
public sealed record FeatureScaling : ISettings
{
    /// <summary>The most features that can be whitened: finding the directions takes time with their third power.</summary>
    internal const int MostWhitened = 1024;

    private readonly string _name;
    private readonly int? _channels;
    private readonly bool? _isPlanar;
    private readonly float? _epsilon;

    private FeatureScaling(string name) => _name = name;

    private FeatureScaling(string name, int channels, bool isPlanar) => (_name, _channels, _isPlanar) = (name, channels, isPlanar ? true : null);

    private FeatureScaling(string name, int? components, float epsilon) => (_name, Components, _epsilon) = (name, components, epsilon);

    /// <summary>As they are.</summary>
    public static FeatureScaling None { get; } = new(nameof(None));

    /// <summary>Every feature less its mean over the training rows. Of pixels, this subtracts the mean image.</summary>
    public static FeatureScaling Center { get; } = new(nameof(Center));

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

    /// <summary>
    /// Numbers to normal quantiles: a value that half of the training rows do not exceed becomes 0, one that 84 % do not exceed becomes 1. Features that only
    /// ever are 0 or 1 stay as they are. Not for sparse rows.
    /// </summary>
    /// <remarks>
    /// The map is linear between up to 100 quantiles of at most 10,000 training rows, evenly spread over all, and constant beyond the least and the greatest
    /// value of these; a value that occurs more than once has the middle of its ranks.
    /// </remarks>
    public static FeatureScaling QuantileNormal { get; } = new(nameof(QuantileNormal));

    /// <summary>Every feature less the mean of its channel over the training rows and the features of the channel. Not for sparse rows.</summary>
    /// <param name="channels">At least 1; the number of features must be a multiple of it.</param>
    /// <param name="isPlanar">
    /// Whether all features of the first channel come first, then all of the second, and so on; false: one feature of each channel in turn, as in RGBRGB.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number of channels is less than 1.</exception>
    public static FeatureScaling CenterChannels(int channels, bool isPlanar = false) =>
        new(nameof(CenterChannels), Require.Positive(channels, nameof(channels)), isPlanar);

    /// <summary>
    /// The principal components of the standardized features, each to variance 1: uncorrelated, the ones with the greatest variance first. Neither for sparse
    /// rows nor for more than 1024 features, nor together with a numeric embedding or indicators of missing values. Groups of
    /// categories are features like any other.
    /// </summary>
    /// <param name="components">How many, at least 1 and at most the number of features; null: as many.</param>
    /// <param name="epsilon">
    /// What is added to the variance of each component before its root divides it, so that components of nearly no variance stay small. Greater than 0. The
    /// variances have the mean 1.
    /// </param>
    /// <remarks>
    /// <c>z = (x D) U (L + epsilon)^(-1/2)</c> with the variances L and directions U of the correlation matrix of at most 10,000 training rows, evenly spread
    /// over all. Together with the first layer it is one linear map for scoring, where that is less work.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static FeatureScaling WhitenPca(int? components = null, float epsilon = 1e-3f) => new(
        nameof(WhitenPca), components is { } count ? Require.Positive(count, nameof(components)) : null, Require.Positive(epsilon, nameof(epsilon)));

    /// <summary>
    /// The standardized features made uncorrelated and of variance 1 as near to what they were as possible: the components of <see cref="WhitenPca"/> turned
    /// back, <c>z = (x D) U (L + epsilon)^(-1/2) U^T</c>. The same limits hold.
    /// </summary>
    /// <param name="epsilon">As for <see cref="WhitenPca"/>.</param>
    /// <remarks>Bell and Sejnowski, The Independent Components of Natural Scenes are Edge Filters, 1997.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public static FeatureScaling WhitenZca(float epsilon = 1e-3f) => new(nameof(WhitenZca), null, Require.Positive(epsilon, nameof(epsilon)));

    internal bool Scales => _name != nameof(None);

    internal bool OnlyCenters => _name is nameof(Center) or nameof(CenterChannels);

    internal bool KeepsIndicators => _name is nameof(StandardizeNumbers) or nameof(Robust) or nameof(QuantileNormal);

    internal bool UsesQuartiles => _name == nameof(Robust);

    internal bool UsesQuantiles => _name == nameof(QuantileNormal);

    internal bool Whitens => _epsilon is not null;

    internal bool TurnsBack => _name == nameof(WhitenZca);

    internal int? Components { get; }

    internal float Epsilon => _epsilon ?? 0;

    /// <summary>Whether zeros of sparse rows can stay what they are.</summary>
    internal bool TakesSparse => !(Whitens || UsesQuantiles || _channels is not null);

    /// <summary>What the features have to be but are not, in one sentence; null: nothing.</summary>
    internal string? Problem(int features) =>
        features % (_channels ?? 1) != 0
            ? string.Create(CultureInfo.InvariantCulture, $"FeatureScaling is {this}, but {features} features are no multiple of {_channels}.")
        : Whitens && features > MostWhitened
            ? string.Create(CultureInfo.InvariantCulture, $"FeatureScaling is {this}, but there are {features} features; at most {MostWhitened} are whitened.")
        : Components > features
            ? string.Create(CultureInfo.InvariantCulture, $"FeatureScaling is {this}, but {features} features have no more components than that.")
        : null;

    /// <summary>Of <see cref="CenterChannels"/>, replaces the mean of each feature by that of its channel.</summary>
    internal void AverageChannels(float[] means)
    {
        if (_channels is not { } channels)
        {
            return;
        }

        int length = means.Length / channels;
        int ChannelOf(int j) => _isPlanar == true ? j / length : j % channels;
        float[] own = [.. Enumerable.Range(0, channels).Select(channel => (float)means.Where((_, j) => ChannelOf(j) == channel).Average(mean => (double)mean))];
        for (int j = 0; j < means.Length; j++)
        {
            means[j] = own[ChannelOf(j)];
        }
    }

    /// <summary>The name, and what was given with it, for example <c>CenterChannels(3)</c>.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. _channels is { } channels ? (string[])[string.Create(CultureInfo.InvariantCulture, $"{channels}")] : [],
            .. _isPlanar == true ? (string[])["planar"] : [],
            .. Components is { } components ? (string[])[string.Create(CultureInfo.InvariantCulture, $"{components} components")] : [],
            .. _epsilon is { } epsilon ? (string[])[string.Create(CultureInfo.InvariantCulture, $"epsilon {epsilon}")] : [],
        ];
        return parts.Length == 0 ? _name : $"{_name}({string.Join(", ", parts)})";
    }
}
