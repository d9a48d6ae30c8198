using System.Security.Cryptography;

namespace Service;

/// <summary>A model.zip, read as a whole at one moment: what is loaded from these bytes cannot be torn by a writer.</summary>
internal sealed record ModelFile(byte[] Bytes, string Version, FileStamp Stamp)
{
    /// <exception cref="ModelLoadException">There is no file, it cannot be read, or it changed meanwhile.</exception>
    public static async Task<ModelFile> ReadAsync(string path, CancellationToken cancellation)
    {
        // Whoever may ask for a reload need not know where on the machine the file lies.
        string name = Path.GetFileName(path);
        FileStamp stamp = FileStamp.Of(path) ?? throw new ModelLoadException($"There is no file {name}.", isFileProblem: true);
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The file {name} cannot be read; the log says why.", isFileProblem: true, exception);
        }

        return stamp == FileStamp.Of(path) && stamp.Length == bytes.Length
            ? new ModelFile(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12], stamp)
            : throw new ModelLoadException($"The file {name} changed while it was read.", isFileProblem: true);
    }
}
