using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Cosine normalization: the cosine of the angle between weights and inputs takes the place of the weighted sum,
/// <c>z = w x / (|w| |x|)</c>, which lies in [-1, 1] whatever their lengths.
/// </summary>
/// <remarks>
/// There is no bias, gain or shift, as in the paper. A length is <c>sqrt(w w + epsilon)</c>, so that vectors of zeros give 0. A row does not
/// depend on the others, so training and scoring do the same, whatever the size of the mini-batch. The length of the weights does not
/// matter, so L2 and constraints on norms only set the pace at which their direction turns. (Chunjie Luo, Jianfeng Zhan, Lei Wang and
/// Qiang Yang, Cosine Normalization: Using Cosine Similarity Instead of Dot Product in Neural Networks, 2018; without its centred
/// variant.)
/// </remarks>
public sealed record CosineNormalization : Normalization
{
    /// <summary>Added to the square of a length before the root. Greater than 0; default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Epsilon
    {
        get;
        init => field = Require.Positive(value, nameof(Epsilon));
    } = 1e-5f;

    internal override bool HasBias => false;

    internal override bool NeedsAllWeights => true;

    internal override IEnumerable<Layer> CreateLayers(LayerSettings settings, ParameterLayout layout) =>
    [
        new UnitLengthLayer(settings.Inputs, Epsilon, settings.MaximumRows),
        new DirectedDenseLayer(settings with { HasBias = false }, hasGain: false, Epsilon, layout),
    ];
}
