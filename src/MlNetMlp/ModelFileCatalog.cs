using MlNetMlp;
using MlNetMlp.Interop;
using MlNetMlp.Numerics;

namespace Microsoft.ML;

/// <summary>Saving to a file that is replaced as a whole, and loading that says what is wrong, in the catalog <c>mlContext.Model</c>.</summary>
public static class ModelFileCatalog
{
    /// <summary>
    /// Saves a model as <c>mlContext.Model.Save</c> does, to be loaded by <c>mlContext.Model.Load</c>; but whatever happens on the way, the path names no
    /// file, the old one or the new one, and never a part of one.
    /// </summary>
    /// <remarks>
    /// ML.NET's own <c>Save</c> empties the file and then writes into it: a process that is killed meanwhile, or a full disk, leaves neither the old
    /// model nor the new one, and whoever loads at that moment fails. Here the bytes go into a temporary file beside it, <c>.mlnetmlp-</c> with 32 digits
    /// and <c>.tmp</c>, are flushed to the disk, and then take the place of the old file. On Unix the new file has the old one's mode, and its owner is
    /// whoever saves; where the path is a symbolic link, it stays one, and the file that it points to is replaced. What a killed process has left is removed by
    /// the next that saves to the folder. Several may save to the path and load from it at the same time; the last one to finish wins.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">Any transformer of ML.NET, such as a whole pipeline.</param>
    /// <param name="inputSchema">The schema of what goes into the model; null: the file has none.</param>
    /// <param name="filePath">The file; its folder must exist.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/>, <paramref name="model"/> or <paramref name="filePath"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="filePath"/> is empty or only white space.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old one stays.</exception>
    public static void SaveAtomically(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(filePath);
        new AtomicFile(filePath).Write(stream => catalog.Save(model, inputSchema, stream));
    }

    /// <summary>
    /// Loads a model as <c>mlContext.Model.Load</c> does; but where that fails, the exception itself says the cause, the file and what to do.
    /// </summary>
    /// <remarks>
    /// ML.NET's own <c>Load</c> wraps what a component says about its damaged entry, so that the message to be seen is "Error during class instantiation".
    /// As that does, this one loads the assemblies that the file names: for files from strangers, there is <see cref="ModelZip"/>.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema of what goes into the model; null if it was saved without one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="filePath"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="filePath"/> is empty or only white space.</exception>
    /// <exception cref="InvalidDataException">The file is no model, or a damaged one, or needs an assembly that the program does not have.</exception>
    /// <exception cref="IOException">The file cannot be read; <see cref="FileNotFoundException"/> if there is none.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ITransformer LoadWithCause(this ModelOperationsCatalog catalog, string filePath, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(filePath);

        // What the process was told about its processor has nothing to do with the file.
        _ = InstructionSet.Active;
        using FileStream stream = File.OpenRead(filePath);
        try
        {
            return catalog.Load(stream, out inputSchema);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException))
        {
            // Of any kind: bytes that are no model can make a loader stumble anywhere.
            Exception cause = exception.GetBaseException();
            string why = cause is InvalidDataException or FormatException or InvalidOperationException
                ? cause.Message
                : $"{cause.GetType().Name}: {cause.Message}";
            string advice = why.EndsWith(ModelStorage.Advice, StringComparison.Ordinal) ? "" : " " + ModelStorage.Advice;
            throw new InvalidDataException($"The model file '{filePath}' cannot be loaded. {why}{advice}", exception);
        }
    }
}
