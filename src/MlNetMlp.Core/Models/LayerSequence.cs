namespace MlNetMlp;

/// <summary>Turns the description of a network into its layers.</summary>
internal static class LayerSequence
{
    /// <summary>The layers of <paramref name="architecture"/> in the order of the forward pass; they add their parameters to <paramref name="layout"/>.</summary>
    public static IEnumerable<Layer> Build(MlpArchitecture architecture, int maximumRows, ParameterLayout layout)
    {
        int number = 0, size = architecture.InputSize;
        if (architecture.InputDropout > 0)
        {
            yield return new DropoutLayer(number++, size, architecture.InputDropout, maximumRows);
        }

        for (int i = 0; i < architecture.HiddenLayers.Count; i++)
        {
            HiddenLayer hidden = architecture.HiddenLayers[i];
            string name = "Hidden" + (i + 1);
            Initializer initializer = hidden.WeightInitializer ?? hidden.Activation.DefaultInitializer;
            if (hidden.Normalization is BatchNormalization normalization)
            {
                // The normalization subtracts the mean and adds a shift of its own: a bias in front of it would have no effect.
                yield return new DenseLayer(name, size, hidden.Units, Activation.Identity, initializer, hasBias: false, maximumRows, layout);
                yield return new BatchNormalizationLayer(name + ".Normalization", hidden.Units, normalization, hidden.Activation, maximumRows, layout);
                number += 2;
            }
            else
            {
                yield return new DenseLayer(name, size, hidden.Units, hidden.Activation, initializer, hasBias: true, maximumRows, layout);
                number++;
            }

            size = hidden.Units;
            if (hidden.Dropout > 0)
            {
                yield return new DropoutLayer(number++, size, hidden.Dropout, maximumRows);
            }
        }

        yield return new DenseLayer("Output", size, architecture.OutputSize, Activation.Identity,
            architecture.OutputInitializer ?? Initializer.GlorotUniform, hasBias: true, maximumRows, layout);
    }
}
