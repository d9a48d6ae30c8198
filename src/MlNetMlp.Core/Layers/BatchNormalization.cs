using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Batch normalization of the weighted sums of a layer, unit by unit: <c>y = gamma (z - mean) / sqrt(variance + epsilon) + beta</c>,
/// with gamma (from 1) and beta (from 0) learned.
/// </summary>
/// <remarks>
/// Training uses the mean and the biased variance of the mini-batch. Scoring uses stored statistics, their variance with the unbiased
/// factor B / (B - 1) for mini-batches of B rows, and is folded into the weights of the layer. In all of them a row of weight 2 counts as
/// two rows, and one of weight 0 as none; where weights are so small that they hardly count as rows, B is <c>(sum w)^2 / sum w^2</c>. A
/// mini-batch in which less than two rows have weight has no variance and is normalized with the stored statistics. (Ioffe and Szegedy, Batch
/// Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift, 2015.)
/// </remarks>
public sealed record BatchNormalization : Normalization
{
    /// <summary>Added to the variance before the root. Greater than 0; default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Epsilon
    {
        get;
        init => field = Require.Positive(value, nameof(Epsilon));
    } = 1e-5f;

    /// <summary>
    /// The part m of the newest mini-batch in the running average. In (0, 1]; default 0.1. Unused with
    /// <see cref="BatchStatistics.TrainingSet"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside (0, 1].</exception>
    public float Momentum
    {
        get;
        init => field = Require.InRangeAbove(value, 0f, 1f, nameof(Momentum));
    } = 0.1f;

    /// <summary>Which statistics scoring uses. Default <see cref="BatchStatistics.RunningAverage"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public BatchStatistics Statistics
    {
        get;
        init => field = Require.Defined(value, nameof(Statistics));
    }

    internal override bool IsOverRows => true;

    internal override Normalization Learned => new BatchNormalization { Epsilon = Epsilon };

    internal override IEnumerable<Layer> CreateLayers(LayerSettings settings, ParameterLayout layout) =>
        [new DenseLayer(settings.InFrontOfNormalization, layout), new BatchNormalizationLayer(settings, this, layout)];
}
