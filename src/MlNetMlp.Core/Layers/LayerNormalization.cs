using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Layer normalization of the weighted sums of a layer, row by row: <c>y = gamma (z - mean) / sqrt(variance + epsilon) + beta</c>, with
/// the mean and the biased variance over the units, and gamma (from 1) and beta (from 0) learned for each unit.
/// </summary>
/// <remarks>
/// A row does not depend on the others, so training and scoring do the same, whatever the size of the mini-batch. A layer of one unit,
/// which has no variance, gives beta whatever its inputs are. (Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey E. Hinton, Layer
/// Normalization, 2016.)
/// </remarks>
public sealed record LayerNormalization : Normalization
{
    /// <summary>Added to the variance before the root. Greater than 0; default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Epsilon
    {
        get;
        init => field = Require.Positive(value, nameof(Epsilon));
    } = 1e-5f;

    internal override IEnumerable<Layer> CreateLayers(LayerSettings settings, ParameterLayout layout) =>
        [new DenseLayer(settings.InFrontOfNormalization, layout), new LayerNormalizationLayer(settings, this, layout)];
}
