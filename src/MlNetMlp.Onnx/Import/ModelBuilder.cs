namespace MlNetMlp.Onnx;

/// <summary>Makes a model of the networks of a file.</summary>
internal static class ModelBuilder
{
    private static readonly Loss[] _losses =
    [
        new SoftmaxCrossEntropy(), new MulticlassHinge(), new SquaredMulticlassHinge(), new SigmoidCrossEntropy(), new BinaryHinge(), new PerceptronLoss(),
        new SquaredError(), new AbsoluteError(), new HuberLoss(), new KullbackLeiblerDivergence(), new CosineProximity(),
        new SoftmaxSquaredError(), new MulticlassSquaredError(), new SigmoidSquaredError(),
    ];

    /// <exception cref="ArgumentException">The loss does not fit the number of outputs.</exception>
    /// <exception cref="InvalidDataException">The numbers of the file have no finite product, or the networks would take too much.</exception>
    /// <exception cref="NotSupportedException">The loss has no such end, or the networks are not plain dense ones of one shape.</exception>
    public static MlpModel Build(ImportedGraph graph, ImportedNetworks networks, Loss? loss, ModelBudget budget)
    {
        loss = LossOf(networks, OutputsOf(networks.Members[0]), loss);
        IReadOnlyList<IReadOnlyList<Part>> parts = networks.Members;
        if (networks.End == NetworkEnd.Sigmoid && !loss.GivesLogOdds)
        {
            // No loss here has a sigmoid of its own for values: it is an activation like any other.
            parts = [.. parts.Select((member, i) => (IReadOnlyList<Part>)[.. member, new Part.Function(networks.EndNodes[i], Activation.Sigmoid)])];
        }

        ImportedLayers[] members = [.. parts.Select(member => ImportedLayers.Of(member, graph.Input, budget))];
        MlpArchitecture architecture = ArchitectureOf(members[0]);
        loss.CheckOutputCount(architecture.OutputSize);
        if (!Array.TrueForAll(members, member => ArchitectureOf(member).Equals(architecture) && member.Standardization.IsSameAs(members[0].Standardization)))
        {
            throw new NotSupportedException("The networks whose mean the ONNX file takes differ in their layers, or in what is done to the features first.");
        }

        FeatureStandardizer standardizer = members[0].Standardization.ToStandardizer(architecture.InputSize);
        TargetUnits units = TargetUnits.AsGiven(architecture.OutputSize).With(LimitsOf(networks, architecture.OutputSize, loss));
        return MlpModel.Average([.. members.Select(member => Model(member, architecture, loss.ForModel, standardizer, units))]);
    }

    private static ValueLimits? LimitsOf(ImportedNetworks networks, int outputs, Loss loss)
    {
        if (networks.Limits is not { } limits)
        {
            return null;
        }

        (float[] lower, float[] upper) = (Columns(limits.Lower), Columns(limits.Upper));
        if (lower.Length != outputs || upper.Length != outputs || !loss.TargetsAreValues
            || lower.Zip(upper).Any(pair => !(pair.First <= pair.Second && float.IsFinite(pair.First) && float.IsFinite(pair.Second))))
        {
            throw limits.Node.Refuse($"its bounds are not those of the {outputs} scores of {loss}");
        }

        return new(lower, upper);

        float[] Columns(float[] bounds) => bounds.Length == 1 ? [.. Enumerable.Repeat(bounds[0], outputs)] : bounds;
    }

    private static MlpArchitecture ArchitectureOf(ImportedLayers layers) =>
        new(layers.FeatureCount, layers.Layers[^1].Sums)
        {
            Categories = layers.Categories,
            Encoding = layers.Encoding,
            Numbers = layers.Numbers?.Embedded,
            HiddenLayers = [.. layers.Layers.SkipLast(1).Select(layer => layer.ToHiddenLayer())],
        };

    private static MlpModel Model(ImportedLayers layers, MlpArchitecture architecture, Loss loss, FeatureStandardizer standardizer, TargetUnits units)
    {
        var parameters = new ParameterVector(architecture.Layout());
        foreach (Parameter parameter in parameters.Layout.Parameters)
        {
            if (parameter.Part == NetworkPart.Categories)
            {
                layers.Table.CopyTo(parameters.Value(parameter));
                continue;
            }

            if (parameter.Part == NetworkPart.Numbers)
            {
                layers.Numbers!.Write(parameter.Name[(parameter.Name.IndexOf('.', StringComparison.Ordinal) + 1)..], parameters.Value(parameter));
                continue;
            }

            Write(layers.Layers, parameter.Name, parameters.Value(parameter));
        }

        try
        {
            return new MlpModel(architecture, loss, standardizer, units, parameters.Snapshot());
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException("The numbers of the ONNX file are too large for a network: " + exception.Message, exception);
        }
    }

    /// <summary>The number of outputs in front of the end; 0 without any layer.</summary>
    private static int OutputsOf(IReadOnlyList<Part> parts) => parts.LastOrDefault(part => part is Part.Affine or Part.Maximum) switch
    {
        Part.Affine affine => affine.Outputs,
        Part.Maximum maximum => maximum.Units,
        _ => 0,
    };

    /// <summary>The loss, asked for or found, that the end belongs to.</summary>
    private static Loss LossOf(ImportedNetworks networks, int outputs, Loss? loss)
    {
        bool isEnsemble = networks.Members.Count > 1;
        switch (networks.End)
        {
            case NetworkEnd.Sigmoid:
                return loss ?? (outputs == 1 ? new SigmoidCrossEntropy() : new SquaredError());
            case NetworkEnd.Softmax or NetworkEnd.LogSoftmax when outputs == 1:
                throw networks.EndNodes[0].Refuse("it is that of one column, which is the same for every row");
            case NetworkEnd.Softmax or NetworkEnd.LogSoftmax:
                return Allowed(networks, loss, new SoftmaxCrossEntropy(), allowed => allowed.HasSoftmax);
            case NetworkEnd.MeanLogOdds:
                return Allowed(networks, loss, new SigmoidCrossEntropy(), allowed => allowed.GivesLogOdds);
            default:
                bool IsPlain(Loss other) => !other.HasSoftmax && !(isEnsemble && other.GivesLogOdds);
                return !isEnsemble && loss is not null ? loss : Allowed(networks, loss, new SquaredError(), IsPlain);
        }
    }

    private static Loss Allowed(ImportedNetworks networks, Loss? loss, Loss byDefault, Func<Loss, bool> isAllowed)
    {
        if (loss is not null && !isAllowed(loss))
        {
            throw new NotSupportedException(networks.Members.Count > 1
                ? $"The scores in the ONNX file are means of {networks.Members.Count} networks that {loss} does not take ({networks.End})."
                : $"The network of the ONNX file ends in a {networks.End}, which {loss} has no use for; {byDefault} has.");
        }

        return loss ?? Array.Find(_losses, other => other.ToString() == networks.SuggestedLoss && isAllowed(other)) ?? byDefault;
    }

    /// <summary>Writes a parameter by the name that layers give it: <c>Hidden1.Weights</c>, ..., <c>Output.Biases</c>.</summary>
    private static void Write(IReadOnlyList<ImportedLayer> layers, string name, Span<float> values)
    {
        int part = name.IndexOf('.', StringComparison.Ordinal);
        ImportedLayer layer = name[..part] == "Output" ? layers[^1]
            : layers[int.Parse(name.AsSpan("Hidden".Length, part - "Hidden".Length), System.Globalization.CultureInfo.InvariantCulture) - 1];
        switch (name[(part + 1)..])
        {
            case "Weights":
                layer.WriteWeights(values);
                break;
            case "Biases":
                layer.WriteBiases(values);
                break;
            case "Slopes" when layer.Slopes.Length == 1:
                values.Fill(layer.Slopes[0]);
                break;
            case "Slopes":
                layer.Slopes.CopyTo(values);
                break;
            case "Normalization.Gain":
                Write(values, j => layer.Normalized?.Scale(j) ?? 1);
                break;
            case "Normalization.Shift":
                Write(values, j => layer.Normalized?.Shift(j) ?? 0);
                break;
            default:
                throw new NotSupportedException($"A parameter {name} cannot be read from an ONNX file.");
        }
    }

    private static void Write(Span<float> values, Func<int, double> value)
    {
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = (float)value(j);
        }
    }
}
