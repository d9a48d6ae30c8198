using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What the weight decay of the optimizer is multiplied by for some kinds of weights: <c>DecayFactors = new() { Outputs = 0 }</c>. By default all are 1.
/// </summary>
/// <remarks>
/// Of <see cref="MiniBatchOptimizer.WeightDecay"/>. Biases, normalization gains, the scales of shared members and learned
/// vectors of categories never decay.
/// </remarks>
public sealed record DecayFactors : ISettings
{
    /// <summary>
    /// For the weights of embedded numbers (<see cref="NumericEmbedding.Plr"/> and <see cref="NumericEmbedding.Pbld"/>). At least 0; default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Embeddings
    {
        get;
        init => field = Require.NonNegative(value, nameof(Embeddings));
    } = 1;

    /// <summary>For the weights of the first hidden layer. At least 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float FirstLayer
    {
        get;
        init => field = Require.NonNegative(value, nameof(FirstLayer));
    } = 1;

    /// <summary>For the weights of the output layer. At least 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Outputs
    {
        get;
        init => field = Require.NonNegative(value, nameof(Outputs));
    } = 1;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);

    /// <summary>The factor of a parameter.</summary>
    internal float Of(Parameter parameter)
    {
        NetworkPart part = parameter.Part;
        return part.IsOutput ? Outputs : part.HiddenIndex == 0 ? FirstLayer : part.IsEmbedding ? Embeddings : 1;
    }
}
