namespace MlNetMlp.Onnx;

/// <summary>Makes a model of the layers of a file.</summary>
internal static class ModelBuilder
{
    /// <exception cref="ArgumentException">The loss does not fit the number of outputs.</exception>
    /// <exception cref="InvalidDataException">The numbers of the file have no finite product.</exception>
    /// <exception cref="NotSupportedException">The loss has no such end, or there are no layers.</exception>
    public static MlpModel Build(ImportedLayers found, Loss? loss)
    {
        loss = TakeEnd(found, loss);
        found.Complete();
        IReadOnlyList<ImportedLayer> layers = found.Layers;
        if (layers.Count == 0)
        {
            throw new NotSupportedException("The ONNX file has no dense layer.");
        }

        int outputs = layers[^1].Outputs;
        loss.CheckOutputCount(outputs);
        var architecture = new MlpArchitecture(layers[0].Inputs, outputs)
        {
            HiddenLayers = [.. layers.SkipLast(1).Select(layer => new HiddenLayer(layer.Outputs) { Activation = layer.Activation ?? Activation.Identity })],
        };
        var parameters = new ParameterVector(architecture.Layout());
        foreach (Parameter parameter in parameters.Layout.Parameters)
        {
            Find(layers, parameter.Name).CopyTo(parameters.Value(parameter));
        }

        try
        {
            return new MlpModel(architecture, loss.ForModel, Standardizer(found.Standardization, layers[0].Inputs), TargetUnits.AsGiven(outputs),
                parameters.Snapshot());
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException("The ONNX file is damaged: " + exception.Message, exception);
        }
    }

    /// <summary>The loss, asked for or found, that the network's end belongs to.</summary>
    private static Loss TakeEnd(ImportedLayers found, Loss? loss)
    {
        switch (found.End)
        {
            case "Sigmoid" when loss is SigmoidCrossEntropy || (loss is null && found.Layers[^1].Outputs == 1):
                return loss ?? new SigmoidCrossEntropy();
            case "Sigmoid":
                found.ContinueBehindSigmoid();
                return loss ?? new SquaredError();
            case "Softmax" or "LogSoftmax" when loss is null or SoftmaxCrossEntropy or KullbackLeiblerDivergence:
                return loss ?? new SoftmaxCrossEntropy();
            case "Softmax" or "LogSoftmax":
                throw new NotSupportedException(
                    $"The network of the ONNX file ends in a {found.End}, which {loss} has no use for; {nameof(SoftmaxCrossEntropy)} has.");
            default:
                return loss ?? new SquaredError();
        }
    }

    /// <summary>The values of a parameter by the name that layers give it: <c>Hidden1.Weights</c>, ..., <c>Output.Biases</c>.</summary>
    private static float[] Find(IReadOnlyList<ImportedLayer> layers, string name)
    {
        string[] parts = name.Split('.');
        ImportedLayer layer = parts[0] == "Output" ? layers[^1]
            : layers[int.Parse(parts[0]["Hidden".Length..], System.Globalization.CultureInfo.InvariantCulture) - 1];
        return parts[1] switch
        {
            "Weights" => layer.Weights,
            "Biases" => layer.Biases,
            "Slopes" => layer.Slopes,
            _ => throw new NotSupportedException($"A parameter {name} cannot be read from an ONNX file."),
        };
    }

    /// <summary><c>scale x + shift</c> as <c>(x - offset) scale</c>.</summary>
    private static FeatureStandardizer Standardizer(ColumnMap? map, int inputs)
    {
        const InvalidValueHandling Refuse = InvalidValueHandling.Fail;
        if (map is null)
        {
            return FeatureStandardizer.AsGiven(inputs, Refuse, Refuse);
        }

        float[] offset = new float[inputs], scale = new float[inputs];
        for (int j = 0; j < inputs; j++)
        {
            scale[j] = (float)map.Scale(j);
            offset[j] = (float)(-map.Shift(j) / map.Scale(j));
            if (!float.IsFinite(scale[j]) || !float.IsFinite(offset[j]))
            {
                throw new NotSupportedException(
                    $"The ONNX file scales feature {j} by {map.Scale(j)} and adds {map.Shift(j)}; that cannot be undone, so it is no standardization.");
            }
        }

        return new(offset, scale, offset, Refuse, Refuse);
    }
}
