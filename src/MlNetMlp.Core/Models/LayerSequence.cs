namespace MlNetMlp;

/// <summary>Turns the description of a network into its layers.</summary>
internal static class LayerSequence
{
    /// <summary>The layers of <paramref name="architecture"/> in the order of the forward pass; they add their parameters to <paramref name="layout"/>.</summary>
    /// <remarks>Layers are numbered one by one, also those with a connection around them: the numbers are addresses of chance.</remarks>
    public static IEnumerable<Layer> Build(MlpArchitecture architecture, int maximumRows, ParameterLayout layout)
    {
        int number = 0, size = architecture.InputSize;
        if (architecture.InputNoise > 0)
        {
            yield return new NoiseLayer(number++, size, architecture.InputNoise);
        }

        if (architecture.InputDropout > 0)
        {
            yield return new DropoutLayer(number++, size, architecture.InputDropout, maximumRows);
        }

        for (int i = 0; i < architecture.HiddenLayers.Count; i++)
        {
            HiddenLayer hidden = architecture.HiddenLayers[i];
            Layer[] layers = [.. Build(hidden, "Hidden" + (i + 1), number, size, maximumRows, layout)];
            Array.FindLast(layers, layer => layer is not (NoiseLayer or DropoutLayer))!.EndsHiddenLayer = true;
            foreach (Layer layer in hidden.Residual ? [new ResidualLayer(layers, maximumRows)] : layers)
            {
                yield return layer;
            }

            number += layers.Length;
            size = hidden.Units;
        }

        yield return new DenseLayer("Output", size, architecture.OutputSize, Activation.Identity,
            architecture.OutputInitializer ?? Initializer.GlorotUniform, hasBias: true, maximumRows, layout);
    }

    private static IEnumerable<Layer> Build(HiddenLayer hidden, string name, int number, int inputs, int maximumRows, ParameterLayout layout)
    {
        int units = hidden.Units;
        Initializer initializer = hidden.WeightInitializer ?? hidden.Activation.DefaultInitializer;
        if (hidden.Normalization is null)
        {
            yield return new DenseLayer(name, inputs, units, hidden.Activation, initializer, hasBias: true, maximumRows, layout);
            number++;
        }
        else
        {
            // The normalization subtracts a mean and adds a shift of its own: that takes the place of a bias.
            yield return new DenseLayer(name, inputs, units, Activation.Identity, initializer, hasBias: false, maximumRows, layout);
            yield return hidden.Normalization switch
            {
                BatchNormalization batch => new BatchNormalizationLayer(name + ".Normalization", units, batch, hidden.Activation, maximumRows, layout),
                LayerNormalization rows => new LayerNormalizationLayer(name + ".Normalization", units, rows, hidden.Activation, maximumRows, layout),
                _ => throw new NotSupportedException($"{hidden.Normalization.GetType().Name} has no layer."),
            };
            number += 2;
        }

        if (hidden.Noise > 0)
        {
            yield return new NoiseLayer(number++, units, hidden.Noise);
        }

        if (hidden.Dropout > 0)
        {
            yield return new DropoutLayer(number, units, hidden.Dropout, maximumRows);
        }
    }
}
