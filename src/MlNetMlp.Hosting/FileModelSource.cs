using System.Globalization;

namespace MlNetMlp.Hosting;

/// <summary>A file, read as a whole at one moment: what is loaded from its bytes cannot be torn by a writer.</summary>
/// <remarks>It asks for time stamp and length, which works on every file system; notifications get lost on network drives and mounted volumes.</remarks>
/// <param name="path">The full path.</param>
internal sealed class FileModelSource(string path) : IModelSource
{
    /// <summary>Whoever may ask for a reload need not know where on the machine the file lies.</summary>
    private readonly string _name = Path.GetFileName(path);

    public ValueTask<string?> GetStampAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Stamp());

    public async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        string stamp = Stamp() ?? throw new ModelLoadException($"There is no file {_name}.", isSourceProblem: true);
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The file {_name} cannot be read; the log says why.", isSourceProblem: true, exception);
        }

        return stamp == Stamp() ? bytes : throw new ModelLoadException($"The file {_name} changed while it was read.", isSourceProblem: true);
    }

    /// <summary>Where it lies, for logs.</summary>
    public override string ToString() => path;

    private string? Stamp()
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}, {file.Length} bytes") : null;
    }
}
