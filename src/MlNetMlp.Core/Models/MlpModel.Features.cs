namespace MlNetMlp.Networks;

/// <content>Parts of the network.</content>
public sealed partial class MlpModel
{
    /// <summary>
    /// The network up to a hidden layer, as a model of its own whose scores are the activations of the layer: features that this network has learned, for
    /// other models, for distances, for pictures. In a pipeline of ML.NET, <c>mlContext.Transforms.MlpFeatures</c>.
    /// </summary>
    /// <param name="layer">
    /// The number of the hidden layer, from 1. Or 0: what the first layer sees of the features, standardized and encoded, with embeddings that were learned.
    /// </param>
    /// <remarks>
    /// It is saved, scored and exported like any other. Of an ensemble of networks the activations of each come one behind the other; of members that share a
    /// network (<see cref="Ensemble.Shared"/>), whose units mean the same, the means.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="layer"/> is not the number of a hidden layer, nor 0.</exception>
    /// <example>
    /// <code>
    /// using MlNetMlp.Networks;
    ///
    /// MlpModel network = MlpModel.Load("iris.network"), learned = network.Features(layer: 1);
    /// float[] activations = new float[learned.OutputCount];
    /// learned.Predict([5.1f, 3.5f, 1.4f, 0.2f], activations);
    /// </code>
    /// </example>
    public MlpModel Features(int layer)
    {
        if (layer < 0 || layer > Architecture.HiddenLayers.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(layer), layer,
                FormattableString.Invariant($"The network {Architecture} has {Architecture.HiddenLayers.Count} hidden layers; the number of a layer is from ") +
                FormattableString.Invariant($"0 (the features as the first layer sees them) to {Architecture.HiddenLayers.Count}."));
        }

        return HiddenFeatures.Of(this, layer);
    }
}
