using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The content of a saved model.</summary>
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
/// tagged   loss
/// byte     handling of missing values    byte   handling of infinite values
/// float32  offset [d], scale [d], replacement [d] of the features
/// float32  offset [k], scale [k] of the targets
/// int32    number of networks, at least 1 (from version 3), then for each:
/// float32  the parameters and statistics, each row after row, in the order in which the layers declare them
/// </code>
/// The networks of an ensemble have everything but their parameters in common.
/// </remarks>
internal static class ModelBody
{
    /// <summary>The first version with noise, residual connections and layer normalization.</summary>
    private const int NoiseAndResiduals = 2;

    /// <summary>The first version with ensembles, and with DropConnect, penalties on activations and initial biases in every layer.</summary>
    private const int Ensembles = 3;

    /// <summary>Units, activation, dropout, normalization and initializer take at least this many bytes.</summary>
    private const int SmallestLayer = 11;

    public static void Write(BinaryWriter writer, MlpModel model)
    {
        MlpArchitecture architecture = model.Architecture;
        writer.Write(architecture.InputSize);
        writer.Write(architecture.OutputSize);
        writer.Write(architecture.InputDropout);
        TaggedRecords.Write(writer, architecture.OutputInitializer);
        writer.Write(architecture.InputNoise);
        writer.Write(architecture.HiddenLayers.Count);
        foreach (HiddenLayer layer in architecture.HiddenLayers)
        {
            writer.Write(layer.Units);
            TaggedRecords.Write(writer, layer.Activation);
            writer.Write(layer.Dropout);
            TaggedRecords.Write(writer, layer.Normalization);
            TaggedRecords.Write(writer, layer.WeightInitializer);
            writer.Write(layer.Noise);
            writer.Write(layer.Residual);
            writer.Write(layer.DropConnect);
            writer.Write(layer.ActivityRegularization);
            writer.Write(layer.InitialBias);
        }

        TaggedRecords.Write(writer, model.Loss);
        writer.Write((byte)model.Standardizer.MissingValues);
        writer.Write((byte)model.Standardizer.InfiniteValues);
        Envelope.Write(writer, model.Standardizer.Offset);
        Envelope.Write(writer, model.Standardizer.Scale);
        Envelope.Write(writer, model.Standardizer.Replacement);
        Envelope.Write(writer, model.Targets.Offset);
        Envelope.Write(writer, model.Targets.Scale);

        writer.Write(model.Members.Count);
        foreach (MlpModel member in model.Members)
        {
            ParameterVector parameters = member.RestoreParameters();
            foreach (Parameter parameter in parameters.Layout.Parameters)
            {
                Envelope.Write(writer, parameters.Value(parameter));
            }
        }
    }

    /// <param name="reader">At the beginning of the body.</param>
    /// <param name="version">The version of the format, one of those that are known.</param>
    /// <exception cref="InvalidDataException">The body is damaged.</exception>
    public static MlpModel Read(BoundedReader reader, int version)
    {
        try
        {
            return ReadUnchecked(reader, version);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            // An option that its own type refuses, such as a dropout of 2.
            throw new InvalidDataException("The saved network is damaged: " + exception.Message, exception);
        }
    }

    private static MlpModel ReadUnchecked(BoundedReader reader, int version)
    {
        MlpArchitecture architecture = ReadArchitecture(reader, version);
        Loss loss = TaggedRecords.ReadLoss(reader);
        loss.CheckOutputCount(architecture.OutputSize);

        InvalidValueHandling missing = ReadHandling(reader), infinite = ReadHandling(reader);
        int inputs = architecture.InputSize, outputs = architecture.OutputSize;
        var standardizer = new FeatureStandardizer(
            reader.Singles(inputs, "feature offsets"), reader.Singles(inputs, "feature scales"), reader.Singles(inputs, "feature means"), missing, infinite);
        var targets = new TargetUnits(reader.Singles(outputs, "target offsets"), reader.Singles(outputs, "target scales"));

        // The widths were not compared with the bytes that are left so far: the parameters do that before the network is built.
        CheckSize(architecture, reader);
        var parameters = new ParameterVector(architecture.Layout());
        int size = checked(parameters.Layout.Parameters.Sum(parameter => parameter.Length) * sizeof(float));
        int count = version >= Ensembles ? reader.Count(size, "networks") : 1;
        var members = new MlpModel[count > 0 ? count : throw new InvalidDataException("The saved network is damaged: it claims to have no networks.")];
        for (int i = 0; i < members.Length; i++)
        {
            foreach (Parameter parameter in parameters.Layout.Parameters)
            {
                reader.Singles(parameter.Length, parameter.Name).CopyTo(parameters.Value(parameter));
            }

            members[i] = new MlpModel(architecture, loss, standardizer, targets, parameters.Snapshot());
        }

        return reader.AtEnd
            ? MlpModel.Average(members)
            : throw new InvalidDataException("The saved network is damaged: bytes are left behind its parameters.");
    }

    private static MlpArchitecture ReadArchitecture(BoundedReader reader, int version)
    {
        int inputs = reader.Int32(), outputs = reader.Int32();
        float inputDropout = reader.Single();
        Initializer? outputInitializer = TaggedRecords.ReadInitializer(reader);
        float inputNoise = version >= NoiseAndResiduals ? reader.Single() : 0;
        var layers = new HiddenLayer[reader.Count(SmallestLayer, "hidden layers")];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new HiddenLayer(reader.Int32())
            {
                Activation = TaggedRecords.ReadActivation(reader),
                Dropout = reader.Single(),
                Normalization = TaggedRecords.ReadNormalization(reader),
                WeightInitializer = TaggedRecords.ReadInitializer(reader),
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

    private static void CheckSize(MlpArchitecture architecture, BoundedReader reader)
    {
        long weights = 0, size = architecture.InputSize;
        foreach (HiddenLayer layer in architecture.HiddenLayers)
        {
            weights = checked(weights + size * layer.Units * layer.Activation.SumsPerUnit);
            size = layer.Units;
        }

        reader.RequireSingles(checked(weights + size * architecture.OutputSize), "weights");
    }

    private static InvalidValueHandling ReadHandling(BoundedReader reader)
    {
        var handling = (InvalidValueHandling)reader.Byte();
        return Enum.IsDefined(handling) ? handling
            : throw new InvalidDataException($"The saved network is damaged: {(int)handling} is no way to handle values.");
    }
}
