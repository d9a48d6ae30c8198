using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What the learning rate is multiplied by for some kinds of parameters: <c>RateFactors = new() { Biases = 0.1f, LayerDecay = 0.8f }</c>. All factors that
/// concern a parameter are multiplied. By default all are 1.
/// </summary>
/// <remarks>
/// A factor is that of the length of the parameter's steps, whatever the optimizer, also of the orthogonal ones of <see cref="Muon"/>; L1 pulls in
/// proportion, weight decay does not change with it (see <see cref="DecayFactors"/>). <see cref="Lbfgs"/>, which has no rate, takes none. With a factor of 0
/// parameters stay as they are: no decay, penalty or constraint moves them either. So <c>FirstLayer = 0</c> freezes a layer of a model that the training
/// continues from, and <c>Biases = 0</c> makes a network without biases, together with <see cref="MlpTrainingOptions.OutputBiasFromTargets"/> = false.
/// </remarks>
public sealed record RateFactors : ISettings
{
    /// <summary>For biases, and for the shifts of normalizations. At least 0; default 1.</summary>
    /// <remarks>
    /// With 0.1 a large rate that suits the weights does not make the biases jump about: David Holzmueller, Leo Grinsztajn and Ingo Steinwart, "Better by
    /// Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data", 2024.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Biases
    {
        get;
        init => field = Require.NonNegative(value, nameof(Biases));
    } = 1;

    /// <summary>
    /// For learned vectors of categories (<see cref="CategoricalEmbedding"/>) and learned embeddings of numbers (<see cref="NumericEmbedding.Plr"/> and
    /// <see cref="NumericEmbedding.Pbld"/>). At least 0; default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Embeddings
    {
        get;
        init => field = Require.NonNegative(value, nameof(Embeddings));
    } = 1;

    /// <summary>
    /// For learned factors: the scales of the inputs of shared members, the gains of normalizations, the slopes of <see cref="Activation.PRelu"/>. At
    /// least 0; default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Scales
    {
        get;
        init => field = Require.NonNegative(value, nameof(Scales));
    } = 1;

    /// <summary>For all parameters of the first hidden layer. At least 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float FirstLayer
    {
        get;
        init => field = Require.NonNegative(value, nameof(FirstLayer));
    } = 1;

    /// <summary>For all parameters of the output layer. At least 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Outputs
    {
        get;
        init => field = Require.NonNegative(value, nameof(Outputs));
    } = 1;

    /// <summary>
    /// q, with which rates fall from the outputs to the inputs: 1 for the output layer, q for the last hidden layer, q^2 for the one before it, and so on;
    /// once more for what is in front of the first. Greater than 0; default 1.
    /// </summary>
    /// <remarks>
    /// For training that continues from a model, whose first layers know more that stays true than the last (discriminative rates). Jeremy Howard and
    /// Sebastian Ruder, "Universal Language Model Fine-tuning for Text Classification", 2018, with q = 1 / 2.6.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float LayerDecay
    {
        get;
        init => field = Require.Positive(value, nameof(LayerDecay));
    } = 1;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);

    /// <summary>The factor of a parameter of a network with this many hidden layers.</summary>
    internal float Of(Parameter parameter, int hiddenLayers)
    {
        NetworkPart part = parameter.Part;
        int layersBehind = part.IsOutput ? 0 : hiddenLayers - (part.HiddenIndex ?? -1);
        double factor = Math.Pow(LayerDecay, layersBehind) * (part.IsOutput ? Outputs : part.HiddenIndex == 0 ? FirstLayer : 1)
            * (part.IsEmbedding ? Embeddings : 1) * (parameter.IsBias ? Biases : parameter.Decays || part.IsEmbedding ? 1 : Scales);
        return (float)factor;
    }
}
