namespace MlNetMlp.Networks;

/// <content>Models in streams and files, bit for bit.</content>
public sealed partial class MlpModel
{
    /// <summary>Reads a model from the stream's position; leaves the position after its last byte.</summary>
    /// <remarks>
    /// Files of every earlier version are read. What a file may ask for is limited before it is allocated: 10,000 networks, 10,000 hidden layers of a
    /// network, 20,000 layers of all networks, and 128 MiB and 32 times the bytes of the file.
    /// </remarks>
    /// <param name="stream">The stream to read; it stays open.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are not a model, end too early, are damaged, ask for too much, or were written by a later version; the message says which.
    /// </exception>
    public static MlpModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return SavedModel.Load(stream).Model;
    }

    /// <summary>Reads a model from a file that holds nothing else.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The file is not a model, ends too early, is damaged, asks for too much, or was written by a later version; the message says which.
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
            // Without an inner exception: whoever looks for the innermost finds the whole message.
            throw new InvalidDataException($"{exception.Message} The file is '{path}'; load a copy that is whole, or save the model again.");
        }
    }

    /// <summary>Writes the model at the stream's position. The bytes are a function of the model alone.</summary>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <exception cref="NotSupportedException">The model has more networks or layers than can be read again, or more than 2 GiB.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SavedModel.Save(stream, this);
    }

    /// <summary>
    /// Writes the model into a file: whatever happens on the way, the path names no file, the old one or the new one, and never a part
    /// of one.
    /// </summary>
    /// <remarks>
    /// The bytes go into a temporary file beside it, <c>.mlnetmlp-</c> with 32 digits and <c>.tmp</c>, are flushed to the disk, and then take the place of
    /// the old file. On Unix the new file has the old one's mode, and its owner is whoever saves; where the path is a symbolic link, it stays one, and the
    /// file that it points to is replaced. What a killed process has left is removed by the next that saves to the folder. Several may save to the path
    /// and load from it at the same time; the last one to finish wins.
    /// </remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="NotSupportedException">The model has more networks or layers than can be read again, or more than 2 GiB.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old one stays.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        new AtomicFile(path).Write(Save);
    }
}
