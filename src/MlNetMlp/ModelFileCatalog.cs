using MlNetMlp;

namespace Microsoft.ML;

/// <summary>Saving to a file that is replaced as a whole, in the catalog <c>mlContext.Model</c>.</summary>
public static class ModelFileCatalog
{
    /// <summary>
    /// Saves a model as <c>mlContext.Model.Save</c> does, to be loaded by <c>mlContext.Model.Load</c>; but whatever happens on the way, the path names no
    /// file, the old one or the new one, and never a part of one.
    /// </summary>
    /// <remarks>
    /// ML.NET's own <c>Save</c> empties the file and then writes into it: a process that is killed meanwhile, or a full disk, leaves neither the old
    /// model nor the new one, and whoever loads at that moment fails. Here the bytes go into a file of their own beside it, whose name is the path with eight
    /// random digits and ".tmp" at its end, are flushed to the disk, and then take the place of the old file. What a killed process has left there is
    /// removed by the next save to this path. Several threads or processes may use it at the same time; the last save to finish wins.
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
}
