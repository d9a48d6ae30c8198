using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>Adds features that a network has learned, the activations of a hidden layer, for whatever comes next in the pipeline.</summary>
/// <remarks>
/// Made by <c>mlContext.Transforms.MlpFeatures</c>. The transformer is saved with the pipeline, loaded by <c>mlContext.Model.Load</c> without further ado, and
/// becomes a part of an ONNX file by <c>mlContext.Model.ConvertToOnnx</c>. Its column, a vector of Single, has slot names: <c>Hidden1.0</c> and so on, of
/// several networks <c>Network2.Hidden1.0</c>; for layer 0 the name of the feature and the number of its column, such as <c>Age.3</c>.
/// </remarks>
public sealed class MlpFeaturesEstimator : IEstimator<MlpPredictionTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly MlpModel? _network;
    private readonly MlpTrainerBase? _trainer;
    private readonly int _layer;
    private readonly string _outputColumnName;
    private readonly string _featureColumnName;

    internal MlpFeaturesEstimator(IHostEnvironment environment, MlpModel network, int layer, string outputColumnName, string featureColumnName)
        : this(environment, layer, outputColumnName, featureColumnName)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network.Features(layer);
        Networks = network.Networks.Count;
    }

    internal MlpFeaturesEstimator(IHostEnvironment environment, MlpTrainerBase trainer, int layer, string outputColumnName)
        : this(environment, layer, outputColumnName, trainer?.FeatureColumnName ?? throw new ArgumentNullException(nameof(trainer)))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        _trainer = trainer;
        if (layer > trainer.MostHiddenLayers)
        {
            throw new ArgumentOutOfRangeException(nameof(layer), layer, FormattableString.Invariant(
                $"A network of the trainer has at most {trainer.MostHiddenLayers} hidden layers; the number of a layer is from 0 to ") +
                FormattableString.Invariant($"{trainer.MostHiddenLayers}."));
        }
    }

    private MlpFeaturesEstimator(IHostEnvironment environment, int layer, string outputColumnName, string featureColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        _environment = environment;
        _layer = layer;
        _outputColumnName = outputColumnName;
        _featureColumnName = featureColumnName;
    }

    private int Networks { get; } = 1;

    /// <summary>The transformer for features of this type. No row is read, unless there is a trainer, which learns from them.</summary>
    /// <param name="input">Rows with the feature column; for a trainer with its other columns, too.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or the network would have no such layer.</exception>
    /// <inheritdoc cref="MlpTrainerBase.Fit(IDataView)" path="/exception"/>
    public MlpPredictionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_trainer is null)
        {
            return FeatureColumns.Transformer(_environment, input.Schema, _network!, _layer, Networks, _outputColumnName, _featureColumnName);
        }

        MlpModel trained = _trainer.FitWithLayer(input, _layer).Model.Network;
        return FeatureColumns.Transformer(
            _environment, input.Schema, trained.Features(_layer), _layer, trained.Networks.Count, _outputColumnName, _featureColumnName);
    }

    /// <summary>The columns that the transformer will make of an input with these columns.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _trainer?.GetOutputSchema(inputSchema);
        return FeatureColumns.Extend(inputSchema, _outputColumnName, _featureColumnName);
    }

    /// <summary>The column, the layer and the network or the trainer.</summary>
    public override string ToString() => FormattableString.Invariant($"'{_outputColumnName}' from layer {_layer} of {(object?)_network ?? _trainer}");
}
