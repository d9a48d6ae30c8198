namespace MlNetMlp.Interop;

/// <summary>Reads networks out of the model.zip that <c>mlContext.Model.Save</c> of ML.NET wrote, without ML.NET.</summary>
/// <remarks>
/// <para>
/// Only the networks are read, each with the standardization of its features and the names of its outputs. Transforms in front of a network in its
/// pipeline are not: what <see cref="MlpModel.Predict(ReadOnlySpan{float}, Span{float})"/> is given has to be what the network's feature column held.
/// </para>
/// <para>
/// The archive is not trusted: nothing is written to disk, names of entries are only compared, checksums are verified, every size is compared with what
/// is there, and what takes more than <c>maximumBytes</c>, unpacked and in memory, is refused before it takes them. The entries may be 65,536, and all
/// networks together 10,000 with 20,000 layers. All methods throw <see cref="InvalidDataException"/> where the bytes are not an archive, are damaged, were
/// written by a later version or are too large. Column, task, names and Monte-Carlo passes lie under the checksum of the network; in files of entry
/// version 0x00010001, which are read as well, the archive's own checksums are all that they have.
/// </para>
/// </remarks>
public static class ModelZip
{
    /// <summary>Reads the only network of a file, or the one at <paramref name="location"/>.</summary>
    /// <param name="path">The model.zip.</param>
    /// <param name="location">Which of several networks, see <see cref="ModelZipNetwork.Location"/>; null: there is only one.</param>
    /// <param name="maximumBytes">The most bytes that the network may take; positive; null: 128 MiB and 32 times the bytes of the archive.</param>
    /// <exception cref="InvalidDataException">The file is damaged, too large or has no network.</exception>
    /// <exception cref="InvalidOperationException">There are several networks and <paramref name="location"/> is null; the message lists them.</exception>
    /// <exception cref="ArgumentException">There is no network at <paramref name="location"/>; the message lists the locations that exist.</exception>
    /// <exception cref="IOException">The file cannot be read; <see cref="FileNotFoundException"/> if there is none.</exception>
    public static ModelZipNetwork Load(string path, string? location = null, long? maximumBytes = null) =>
        InFile(path, stream => Load(stream, location, maximumBytes));

    /// <summary>Reads the only network of an archive, or the one at <paramref name="location"/>.</summary>
    /// <param name="stream">The whole archive; it can seek, and stays open.</param>
    /// <param name="location">Which of several networks, see <see cref="ModelZipNetwork.Location"/>; null: there is only one.</param>
    /// <param name="maximumBytes">The most bytes that the network may take; positive; null: 128 MiB and 32 times the bytes of the archive.</param>
    /// <exception cref="InvalidDataException">The archive is damaged, too large or has no network.</exception>
    /// <exception cref="InvalidOperationException">There are several networks and <paramref name="location"/> is null; the message lists them.</exception>
    /// <exception cref="ArgumentException">There is no network at <paramref name="location"/>, or <paramref name="stream"/> cannot seek.</exception>
    public static ModelZipNetwork Load(Stream stream, string? location = null, long? maximumBytes = null)
    {
        using var archive = new ModelArchive(stream, maximumBytes);
        string[] all = archive.Locations();
        if (all.Length == 0)
        {
            throw new InvalidDataException("There is no multilayer perceptron in this model file.");
        }

        string list = string.Join(", ", all.Select(one => $"'{one}'"));
        if (location is null)
        {
            return all.Length == 1
                ? archive.Read(all[0])
                : throw new InvalidOperationException($"The model file has several multilayer perceptrons: {list}. Say which one is meant.");
        }

        return all.Contains(location)
            ? archive.Read(location)
            : throw new ArgumentException($"The model file has no multilayer perceptron at '{location}', but at {list}.", nameof(location));
    }

    /// <summary>Reads all networks of a file, in the order of their locations.</summary>
    /// <param name="path">The model.zip.</param>
    /// <param name="maximumBytes">The most bytes that all of them may take; positive; null: 128 MiB and 32 times the bytes of the archive.</param>
    /// <returns>The networks; none if the file has none.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read; <see cref="FileNotFoundException"/> if there is none.</exception>
    public static IReadOnlyList<ModelZipNetwork> LoadAll(string path, long? maximumBytes = null) =>
        InFile(path, stream => LoadAll(stream, maximumBytes));

    /// <summary>Reads all networks of an archive, in the order of their locations.</summary>
    /// <param name="stream">The whole archive; it can seek, and stays open.</param>
    /// <param name="maximumBytes">The most bytes that all of them may take; positive; null: 128 MiB and 32 times the bytes of the archive.</param>
    /// <returns>The networks; none if the archive has none.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or too large.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot seek.</exception>
    public static IReadOnlyList<ModelZipNetwork> LoadAll(Stream stream, long? maximumBytes = null)
    {
        using var archive = new ModelArchive(stream, maximumBytes);
        return [.. archive.Locations().Select(archive.Read)];
    }

    private static T InFile<T>(string path, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using FileStream stream = File.OpenRead(path);
        try
        {
            return read(stream);
        }
        catch (InvalidDataException exception)
        {
            // Without an inner exception: whoever looks for the innermost finds the whole message.
            throw new InvalidDataException($"{exception.Message} The file is '{path}'; load a copy that is whole, or save the model again.");
        }
    }
}
