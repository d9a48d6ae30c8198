using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How the network sees categories: groups of features of which a row has at most one, as <c>OneHotEncoding</c> makes them.</summary>
/// <remarks>
/// <para>
/// A small group stays as it is, one-hot, with one column more that is 1 where none of its features is: <c>1 - sum_j x_j</c>. A group of many categories
/// becomes a learned vector for each, an embedding: <c>e = sum_j x_j E_j + (1 - sum_j x_j) E_other</c>. So a category that is missing, or that was not
/// among the training rows, has a place of its own. Rare categories share it, and it is trained on other rows, too: by <see cref="Dropout"/>.
/// </para>
/// <para>
/// The features of a group are neither shifted nor scaled, whatever <see cref="MlpTrainingOptions.FeatureScaling"/> says, and one that is missing (NaN)
/// counts as 0. A group counts only if in all training rows its features are 0 or 1, and at most one of them 1; else they are features like any other.
/// </para>
/// <para>
/// Where embeddings leave at most 1024 columns, sparse rows are dense behind them, so that all goes with them that goes with dense rows, but
/// <see cref="MlpTrainingOptions.Augmentation"/>.
/// </para>
/// <para>
/// Vectors start as small normal numbers (deviation 0.1), and neither decay nor constraints apply to them. Of sparse rows, a step moves the
/// vectors of those categories alone that the mini-batch has.
/// </para>
/// <para>
/// Cheng Guo and Felix Berkhahn, Entity Embeddings of Categorical Variables, 2016; David Holzmueller, Leo Grinsztajn and Ingo Steinwart, Better by
/// Default, 2024.
/// </para>
/// </remarks>
public sealed record CategoricalEmbedding : ISettings
{
    private const int MostColumns = 1024;

    /// <summary>
    /// The most features of a group that stays one-hot; at least 0. Default 32. A group with more becomes an embedding.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaximumOneHotSize
    {
        get;
        init => field = Require.NonNegative(value, nameof(MaximumOneHotSize));
    } = 32;

    /// <summary>The number of elements of the vector of a category, in [1, 1024]. Default 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Width
    {
        get;
        init => field = Require.InRange(value, 1, MostColumns, nameof(Width));
    } = 8;

    /// <summary>
    /// A category that fewer training rows have is rare, and counts as missing, in training and in scoring; at least 1. Default 5. Rows without weight do
    /// not count.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MinimumFrequency
    {
        get;
        init => field = Require.Positive(value, nameof(MinimumFrequency));
    } = 5;

    /// <summary>The probability, in [0, 1), with which a training row is seen as if a group's category were missing. Default 0.05.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Dropout
    {
        get;
        init => field = Require.InRangeBelow(value, 0f, 1f, nameof(Dropout));
    } = 0.05f;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
