using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetMlp;

[assembly: LoadableClass(typeof(MlpPredictionTransformer), null, typeof(SignatureLoadModel), "Multilayer perceptron", ModelStorage.LoaderSignature)]

namespace MlNetMlp;

/// <summary>A transformer's entry in model.zip.</summary>
/// <remarks>
/// <code>
/// Model.key   header of ML.NET: signature "MLNETMLP", versions, loader signature, assembly name
///             string   feature column
///             int32    number of dimensions of the feature column, then int32 for each
///             byte     task: 1 binary, 2 multiclass, 3 regression
///             byte     1 if Score is a vector
///             byte     1 if names of the outputs follow, laid out as in LabelNames
/// Network     the network, as MlpModel.Save writes it
/// Uncertainty int32 number of passes and int32 seed of the Monte-Carlo dropout; only there if ScoreMean and ScoreStandardDeviation are
/// </code>
/// Version history: 0x00010001 first.
/// </remarks>
internal static class ModelStorage
{
    public const string LoaderSignature = "MlNetMlpTransformer";

    private const string NetworkEntry = "Network";
    private const string UncertaintyEntry = "Uncertainty";
    private const int MaximumDimensions = 64;

    private static VersionInfo Version => new(
        modelSignature: "MLNETMLP",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ModelStorage).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public static void Save(ModelSaveContext context, MlpPredictionTransformer transformer, VectorDataViewType featureColumnType)
    {
        ArgumentNullException.ThrowIfNull(context);
        MlpModelParameters model = transformer.Model;
        context.SetVersionInfo(Version);
        context.SaveNonEmptyString(transformer.FeatureColumnName);
        context.Writer.Write(featureColumnType.Dimensions.Length);
        foreach (int dimension in featureColumnType.Dimensions)
        {
            context.Writer.Write(dimension);
        }

        context.Writer.Write(model.Task.Code);
        context.Writer.Write(model.IsVector);
        context.Writer.Write(model.LabelNames is not null);
        model.LabelNames?.Write(context.Writer);
        context.SaveBinaryStream(NetworkEntry, writer => model.Network.Save(writer.BaseStream));
        if (model.MonteCarloDropout is { } passes)
        {
            context.SaveBinaryStream(UncertaintyEntry, writer =>
            {
                writer.Write(passes.Passes);
                writer.Write(passes.Seed);
            });
        }
    }

    /// <exception cref="InvalidDataException">The entry is damaged.</exception>
    public static MlpPredictionTransformer Load(IHostEnvironment env, ModelLoadContext context)
    {
        context.CheckAtModel(Version);
        try
        {
            return Read(context);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            // Marked by the environment as known, so that ML.NET passes the text on instead of the bare failure of a reflected call.
            throw env.Process(new InvalidDataException($"The multilayer perceptron in this model file is damaged. {exception.Message}", exception));
        }
    }

    private static MlpPredictionTransformer Read(ModelLoadContext context)
    {
        string featureColumn = context.LoadNonEmptyString();
        VectorDataViewType featureType = ReadFeatureType(context.Reader);
        MlpTask task = MlpTask.FromCode(context.Reader.ReadByte()) ?? throw new InvalidDataException("Its task is unknown.");
        bool isVector = context.Reader.ReadBoolean();
        LabelNames? names = context.Reader.ReadBoolean() ? LabelNames.Load(context.Reader) : null;
        MlpModel? network = null;
        if (!context.TryLoadBinaryStream(NetworkEntry, reader => network = MlpModel.Load(reader.BaseStream)))
        {
            throw new InvalidDataException($"The entry '{NetworkEntry}' is missing.");
        }

        MonteCarloDropout? passes = null;
        context.TryLoadBinaryStream(UncertaintyEntry, reader => passes = ReadPasses(reader));
        return network!.FeatureCount == featureType.Size && (names is null || names.Count == network.OutputCount) && task.Fits(network, isVector)
            ? new MlpPredictionTransformer(new MlpModelParameters(task, network, isVector, names, training: null, passes), featureColumn, featureType)
            : throw new InvalidDataException("Its network does not fit its columns.");
    }

    private static MonteCarloDropout ReadPasses(BinaryReader reader)
    {
        try
        {
            return new MonteCarloDropout { Passes = reader.ReadInt32(), Seed = reader.ReadInt32() };
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static VectorDataViewType ReadFeatureType(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 1 or > MaximumDimensions)
        {
            throw new InvalidDataException($"Its feature column has {count} dimensions.");
        }

        int[] dimensions = new int[count];
        long size = 1;
        for (int i = 0; i < count; i++)
        {
            dimensions[i] = reader.ReadInt32();
            size = dimensions[i] > 0 && size <= int.MaxValue ? size * dimensions[i] : 0;
        }

        return size is >= 1 and <= int.MaxValue
            ? new VectorDataViewType(NumberDataViewType.Single, dimensions)
            : throw new InvalidDataException("Its feature column has no valid size.");
    }
}
