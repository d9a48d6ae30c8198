namespace MlNetMlp;

/// <summary>Networks that end behind a hidden layer: their scores are its activations, for an output layer behind it has ones on its diagonal.</summary>
internal static class HiddenFeatures
{
    /// <summary>The network up to a hidden layer.</summary>
    /// <param name="model">The whole network, or an ensemble.</param>
    /// <param name="layer">The number of the layer, from 1; 0 for what the first layer sees of the features.</param>
    public static MlpModel Of(MlpModel model, int layer)
    {
        // Networks of an ensemble differ in what they have learned; what is found in the rows before is the same for all.
        bool isLearned = layer > 0 || model.Architecture is { Categories: not null } or { Numbers: not null };
        MlpModel[] networks = [.. model.Networks.Take(isLearned ? int.MaxValue : 1)];
        int units = layer > 0 ? model.Architecture.HiddenLayers[layer - 1].Units : model.Architecture.EncodedSize;
        MlpArchitecture architecture = With(model.Architecture, layer, checked(units * networks.Length));
        return MlpModel.Average([.. networks.Select((network, number) => Of(network.Standardizer, architecture, network.RestoreParameters(), number, units))]);
    }

    /// <summary>What the first layer of a network sees of the features where nothing of it is learned by a training.</summary>
    /// <param name="architecture">The network, without embeddings.</param>
    /// <param name="standardizer">What is done to the features.</param>
    public static MlpModel Of(MlpArchitecture architecture, FeatureStandardizer standardizer)
    {
        int units = architecture.EncodedSize;
        return Of(standardizer, With(architecture, 0, units), null, 0, units);
    }

    private static MlpArchitecture With(MlpArchitecture whole, int layers, int outputs) =>
        new MlpArchitecture(whole.InputSize, outputs).WithPreparationOf(whole) with
        {
            InputNoise = whole.InputNoise,
            InputDropout = whole.InputDropout,
            HiddenLayers = [.. whole.HiddenLayers.Take(layers)],

            // Each member has scales of its own in front of the first layer, which are no features.
            SharedMembers = layers > 0 ? whole.SharedMembers : 1,
        };

    /// <param name="standardizer">What is done to the features.</param>
    /// <param name="architecture">The network that ends behind the layer.</param>
    /// <param name="source">The parameters of the whole network; null: nothing was learned.</param>
    /// <param name="number">The number of the network in its ensemble, whose units come behind those of the networks before.</param>
    /// <param name="units">The units of the layer.</param>
    private static MlpModel Of(FeatureStandardizer standardizer, MlpArchitecture architecture, ParameterVector? source, int number, int units)
    {
        var network = new MlpNetwork(architecture, maximumRows: 0);
        ParameterVector own = network.Parameters;
        if (source is not null)
        {
            network.TakeHiddenLayers(source);
        }

        // The scores of networks are averaged, those of others being 0 here.
        int outputs = architecture.OutputSize, networks = outputs / units;
        foreach (Parameter weights in own.Layout.Parameters.Where(parameter => parameter.Part.IsOutput && !parameter.IsBias))
        {
            for (int i = 0; i < units; i++)
            {
                own.Value(weights)[i * outputs + number * units + i] = networks;
            }
        }

        return new(architecture, new SquaredError(), standardizer, TargetUnits.AsGiven(outputs), own.Snapshot());
    }
}
