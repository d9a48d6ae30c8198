namespace MlNetMlp.Networks;

/// <content>Models in streams and files, bit for bit.</content>
public sealed partial class MlpModel
{
    /// <summary>Reads a model from the stream's position; leaves the position behind its last byte.</summary>
    /// <param name="stream">Where to read; it stays open.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are no model, end too early, are damaged, or were written by a later version; the message says which.
    /// </exception>
    public static MlpModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return MlpModelSerialization.Load(stream);
    }

    /// <summary>Reads a model from a file that holds nothing else.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no model, ends too early, is damaged, or was written by a later version; the message says which.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read; <see cref="FileNotFoundException"/> if there is none.</exception>
    public static MlpModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using FileStream stream = File.OpenRead(path);
        try
        {
            MlpModel loaded = Load(stream);
            return stream.Position == stream.Length ? loaded
                : throw new InvalidDataException("The saved network is damaged: bytes are left behind its checksum.");
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{exception.Message} The file is '{path}'.", exception);
        }
    }

    /// <summary>Writes the model at the stream's position. The bytes are a function of the model alone.</summary>
    /// <param name="stream">Where to write; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        MlpModelSerialization.Save(this, stream);
    }

    /// <summary>
    /// Writes the model into a file: whatever happens on the way, the path names no file, the old one or the new one, and never a part
    /// of one.
    /// </summary>
    /// <remarks>
    /// The bytes go into a file of their own beside it, whose name is the path with eight random digits and ".tmp" at its end, are flushed to the disk, and
    /// then take the place of the old file. What a killed process has left there is removed by the next that saves to this path. Several may save to it
    /// and load from it at the same time; the last one to finish wins.
    /// </remarks>
    /// <param name="path">The file; the folder has to be there.</param>
    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old one stays.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        new AtomicFile(path).Write(Save);
    }
}
