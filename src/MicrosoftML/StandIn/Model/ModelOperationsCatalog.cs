using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>Saving, loading and using models. A model file is a zip archive.</summary>
public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private const string ModelDirectory = "TransformerChain";
    private const string SchemaEntry = "Schema";
    private readonly IHostEnvironment _environment;
    internal ModelOperationsCatalog(IHostEnvironment environment) => _environment = environment;
    IHostEnvironment IInternalCatalog.Environment => _environment;

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        using var archive = new ZipArchive(Check.Value(stream, nameof(stream)), ZipArchiveMode.Create, leaveOpen: true);
        ModelSaveContext.SaveModel(archive, Check.Value(model, nameof(model)), ModelDirectory);
        if (inputSchema is null)
            return;
        using var writer = new BinaryWriter(ModelSaveContext.Create(archive, SchemaEntry), Encoding.UTF8);
        SchemaFormat.Write(writer, inputSchema);
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        using var stream = File.Create(Check.NonEmpty(filePath, nameof(filePath)));
        Save(model, inputSchema, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        using var archive = Open(Check.Value(stream, nameof(stream)));
        inputSchema = null;
        if (archive.GetEntry(SchemaEntry) is { } entry)
        {
            using var reader = ModelLoadContext.Open(entry);
            inputSchema = SchemaFormat.Read(reader);
        }

        ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(_environment, out var model, archive, ModelDirectory);
        return model;
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        using var stream = File.OpenRead(Check.NonEmpty(filePath, nameof(filePath)));
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer, bool ignoreMissingColumns = true, SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new(transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    private static ZipArchive Open(Stream stream)
    {
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException error)
        {
            throw new FormatException("This is not a model file", error);
        }
    }
}
