namespace MlNetMlp;

/// <summary>Turns the description of a network into its layers.</summary>
internal static class LayerSequence
{
    /// <summary>
    /// The layers of <paramref name="architecture"/> in the order of the forward pass; they add their parameters to
    /// <paramref name="layout"/>.
    /// </summary>
    /// <param name="architecture">The shape.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    /// <param name="layout">Receives the parameters.</param>
    /// <param name="isSparse">Whether the rows will be sparse: then <see cref="SparseInput"/> does the dropout of the inputs.</param>
    /// <remarks>Layers are numbered one by one, also those with a connection around them: the numbers are addresses of chance.</remarks>
    public static IEnumerable<Layer> Build(MlpArchitecture architecture, int maximumRows, ParameterLayout layout, bool isSparse = false)
    {
        int number = 0, size = architecture.InputSize;
        if (architecture.InputNoise > 0)
        {
            yield return new NoiseLayer(number++, size, architecture.InputNoise);
        }

        if (architecture.InputDropout > 0)
        {
            yield return new DropoutLayer(number++, size, architecture.InputDropout, isSparse ? 0 : maximumRows);
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
        // A network that will not be run, for no rows, needs no masks.
        int weights = checked(inputs * hidden.Units * hidden.Activation.SumsPerUnit);
        DropConnect? dropConnect = hidden.DropConnect > 0 ? new(number, hidden.DropConnect, maximumRows > 0 ? weights : 0) : null;
        foreach (Layer layer in Units(hidden, name, inputs, dropConnect, maximumRows, layout))
        {
            yield return layer;
            number++;
        }

        if (hidden.ActivityRegularization > 0)
        {
            yield return new ActivityPenaltyLayer(hidden.Units, hidden.ActivityRegularization);
            number++;
        }

        if (hidden.Noise > 0)
        {
            yield return new NoiseLayer(number++, hidden.Units, hidden.Noise);
        }

        if (hidden.Dropout > 0)
        {
            yield return new DropoutLayer(number, hidden.Units, hidden.Dropout, maximumRows);
        }
    }

    /// <summary>Weighted sums, normalization, activation.</summary>
    private static IEnumerable<Layer> Units(
        HiddenLayer hidden, string name, int inputs, DropConnect? dropConnect, int maximumRows, ParameterLayout layout)
    {
        int sums = checked(hidden.Units * hidden.Activation.SumsPerUnit);
        float bias = hidden.InitialBias;
        string normalization = name + ".Normalization";
        Initializer initializer = hidden.WeightInitializer ?? hidden.Activation.DefaultInitializer;
        Activation function = hidden.Activation.Elementwise;
        switch (hidden.Normalization)
        {
            case null:
                yield return new DenseLayer(name, inputs, sums, function, initializer, hasBias: true, maximumRows, layout) { InitialBias = bias,
                    DropConnect = dropConnect };
                break;
            case WeightNormalization:
                yield return new DirectedDenseLayer(name, inputs, sums, function, initializer, hasBias: true, hasGain: true, 0, maximumRows,
                    layout) { InitialBias = bias, DropConnect = dropConnect };
                break;
            case CosineNormalization cosine:
                yield return new UnitLengthLayer(inputs, cosine.Epsilon, maximumRows);
                yield return new DirectedDenseLayer(name, inputs, sums, function, initializer, hasBias: false, hasGain: false, cosine.Epsilon,
                    maximumRows, layout) { DropConnect = dropConnect };
                break;
            default:
                // The normalization subtracts a mean and adds a shift of its own: that takes the place of a bias.
                yield return new DenseLayer(name, inputs, sums, Activation.Identity, initializer, hasBias: false, maximumRows,
                    layout) { DropConnect = dropConnect };
                yield return hidden.Normalization switch
                {
                    BatchNormalization batch => new BatchNormalizationLayer(normalization, sums, batch, function, maximumRows, layout) { InitialShift = bias },
                    BatchRenormalization batch => new BatchRenormalizationLayer(normalization, sums, batch, function, maximumRows,
                        layout) { InitialShift = bias },
                    LayerNormalization rows => new LayerNormalizationLayer(normalization, sums, rows, function, maximumRows, layout) { InitialShift = bias },
                    _ => throw new NotSupportedException($"{hidden.Normalization.GetType().Name} has no layer."),
                };
                break;
        }

        switch (hidden.Activation)
        {
            case PReluActivation rectifier:
                yield return new PReluLayer(name, hidden.Units, rectifier.InitialSlope, layout);
                break;
            case MaxoutActivation maxout:
                yield return new MaxoutLayer(hidden.Units, maxout.Pieces);
                break;
        }
    }
}
