using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetMlp;
using MlNetMlp.Interop;

[assembly: LoadableClass(typeof(MlpPredictionTransformer), null, typeof(SignatureLoadModel), "Multilayer perceptron", ModelStorage.LoaderSignature)]

namespace MlNetMlp;

/// <summary>A transformer's entry in model.zip.</summary>
/// <remarks>
/// <code>
/// Model.key   header of ML.NET: signature "MLNETMLP", versions, loader signature, assembly name; its body is empty
/// Network     the network, as MlpModel.Save writes it, and in sections of the same file what ModelZipEntry describes: all under one checksum
/// </code>
/// Version history: 0x00010001, first, with column, task and names in the body of Model.key and the passes of the Monte-Carlo dropout in an entry
/// "Uncertainty", see ModelZipEntry; 0x00010002, these in the sections of Network. A section that comes later needs no new version.
/// </remarks>
internal static class ModelStorage
{
    public const string LoaderSignature = "MlNetMlpTransformer";

    /// <summary>What to do about a damaged file, for messages.</summary>
    public const string Advice = "Load a copy of the file that is whole, or save the model again.";

    private const string NetworkEntry = "Network";
    private const string UncertaintyEntry = "Uncertainty";

    private static VersionInfo Version => new(
        modelSignature: "MLNETMLP",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ModelStorage).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public static void Save(ModelSaveContext context, MlpPredictionTransformer transformer, VectorDataViewType featureColumnType)
    {
        ArgumentNullException.ThrowIfNull(context);
        MlpModelParameters model = transformer.Model;
        var entry = new ModelZipEntry(
            transformer.FeatureColumnName,
            [.. featureColumnType.Dimensions],
            (ModelZipTask)model.Task.Code,
            model.IsVector,
            model.LabelNames?.ToValues(),
            model.MonteCarloDropout)
        {
            Training = model.TrainingNotes,
            History = model.Training,
            OutputColumnName = (model.Task as FeaturesTask)?.OutputColumnName,
        };
        context.SetVersionInfo(Version);
        context.SaveBinaryStream(NetworkEntry, writer => entry.Save(writer.BaseStream, model.Network));
    }

    /// <exception cref="InvalidDataException">The entry is damaged; the message says what to do, as ML.NET shows it three exceptions deep.</exception>
    public static MlpPredictionTransformer Load(IHostEnvironment env, ModelLoadContext context)
    {
        context.CheckAtModel(Version);
        try
        {
            return Read(env, context);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            // Marked by the environment as known, so that ML.NET passes the text on instead of the bare failure of a reflected call. Without an inner
            // exception: the innermost message is the one that tells what happened, and this one says it whole.
            throw env.Process(new InvalidDataException(
                $"The multilayer perceptron in this model file cannot be loaded from its entry '{EntryOf(context)}'. {exception.Message} {Advice}"));
        }
    }

    private static MlpPredictionTransformer Read(IHostEnvironment env, ModelLoadContext context)
    {
        ModelBudget? budget = RepositoryBudget.Of(context, NetworkEntry);
        (MlpModel Model, ModelZipEntry Entry)? loaded = null;
        context.TryLoadBinaryStream(NetworkEntry, reader =>
            loaded = ModelZipEntry.Load(reader.BaseStream, budget, outputs => ReadEarlier(context, outputs)));
        (MlpModel network, ModelZipEntry entry) = loaded ?? throw new InvalidDataException("The entry is missing.");
        LabelNames? names = entry.OutputNames is { } values ? LabelNames.Of(values) : null;
        MlpTask task = entry.OutputColumnName is { } output ? new FeaturesTask(output) : MlpTask.FromCode((byte)entry.Task)!;
        var parameters = new MlpModelParameters(
            task, network, entry.IsVector, names, entry.History, entry.MonteCarloDropout)
        {
            TrainingNotes = entry.Training,
        };
        return new MlpPredictionTransformer(
            env, parameters, entry.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Single, entry.FeatureDimensions));
    }

    private static string EntryOf(ModelLoadContext context) =>
        string.IsNullOrEmpty(context.Directory) ? NetworkEntry : $"{context.Directory.Replace('\\', '/')}/{NetworkEntry}";

    /// <summary>What version 0x00010001 has beside the network.</summary>
    private static ModelZipEntry ReadEarlier(ModelLoadContext context, int outputs)
    {
        string featureColumn = context.LoadNonEmptyString();
        MonteCarloDropout? passes = null;
        context.TryLoadBinaryStream(UncertaintyEntry, reader => passes = ModelZipEntry.ReadPasses(Rest(reader)));
        BoundedReader body = Rest(context.Reader);
        ModelZipEntry entry = ModelZipEntry.ReadEarlier(body, featureColumn, outputs, passes);

        // ML.NET looks whether the body was read to its end, and no further.
        context.Reader.BaseStream.Position -= body.Left;
        return entry;
    }

    private static BoundedReader Rest(BinaryReader reader)
    {
        using var bytes = new MemoryStream();
        reader.BaseStream.CopyTo(bytes);
        return new BoundedReader(bytes.ToArray(), "model file");
    }
}
