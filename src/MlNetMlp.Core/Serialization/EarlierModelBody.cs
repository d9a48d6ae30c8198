namespace MlNetMlp;

/// <summary>The content of a model that was saved in one of the versions 1 to 3, before there were sections.</summary>
/// <remarks>
/// Layout, in this order; "tagged" is a byte that names the kind, followed by its settings (<see cref="TaggedRecords"/>):
/// <code>
/// int32    number of inputs d            int32  number of outputs k
/// float32  input dropout                 tagged initializer of the output layer
/// float32  input noise (from version 2)
/// int32    number of hidden layers, then for each:
///          int32 units, tagged activation, float32 dropout, tagged normalization, tagged initializer,
///          float32 noise (from version 2), byte residual, 0 or 1 (from version 2),
///          float32 dropConnect, float32 activityRegularization, float32 initial bias (all from version 3)
/// then the contents of the sections LOSS, FEATURES, TARGETS and NETWORKS of <see cref="ModelBody"/>, of which the last begins with its number of
/// networks from version 3 on only; before, there is one
/// </code>
/// </remarks>
internal static class EarlierModelBody
{
    /// <summary>The last version without sections.</summary>
    public const int LastVersion = 3;

    /// <summary>The first version with noise, residual connections and layer normalization.</summary>
    private const int NoiseAndResiduals = 2;

    /// <summary>The first version with ensembles, and with DropConnect, penalties on activations and initial biases in every layer.</summary>
    private const int Ensembles = 3;

    /// <summary>Units, activation, dropout, normalization and initializer take at least this many bytes.</summary>
    private const int SmallestLayer = 11;

    /// <param name="reader">At the beginning of the body.</param>
    /// <param name="version">From 1 to <see cref="LastVersion"/>.</param>
    /// <param name="budget">What the model may take.</param>
    /// <exception cref="InvalidDataException">The body is damaged, or asks for too much.</exception>
    /// <exception cref="ArgumentException">An option is damaged.</exception>
    /// <exception cref="OverflowException">A size is damaged.</exception>
    public static MlpModel Read(BoundedReader reader, int version, ModelBudget budget)
    {
        MlpArchitecture architecture = ReadArchitecture(reader, version);
        Loss loss = TaggedRecords.Losses.Read(reader);
        FeatureStandardizer standardizer = ModelBody.ReadFeatures(reader, architecture.InputSize);
        TargetUnits targets = ModelBody.ReadTargets(reader, architecture.OutputSize);
        int networks = version >= Ensembles ? reader.Int32() : 1;
        return ModelBody.ReadNetworks(reader, new ModelParts(architecture, loss, standardizer, targets), networks, budget);
    }

    private static MlpArchitecture ReadArchitecture(BoundedReader reader, int version)
    {
        int inputs = reader.Int32(), outputs = reader.Int32();
        float inputDropout = reader.Single();
        Initializer? outputInitializer = TaggedRecords.Initializers.Read(reader);
        float inputNoise = version >= NoiseAndResiduals ? reader.Single() : 0;
        int count = reader.Count(SmallestLayer, "hidden layers");
        ModelBudget.CheckHiddenLayers(count);
        var layers = new HiddenLayer[count];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new HiddenLayer(reader.Int32())
            {
                Activation = TaggedRecords.Activations.Read(reader),
                Dropout = reader.Single(),
                Normalization = TaggedRecords.Normalizations.Read(reader),
                WeightInitializer = TaggedRecords.Initializers.Read(reader),
                Noise = version >= NoiseAndResiduals ? reader.Single() : 0,
                Residual = version >= NoiseAndResiduals && reader.Boolean(),
                DropConnect = version >= Ensembles ? reader.Single() : 0,
                ActivityRegularization = version >= Ensembles ? reader.Single() : 0,
                InitialBias = version >= Ensembles ? reader.Single() : 0,
            };
        }

        return new MlpArchitecture(inputs, outputs)
        {
            InputDropout = inputDropout,
            InputNoise = inputNoise,
            OutputInitializer = outputInitializer,
            HiddenLayers = layers,
        };
    }
}
