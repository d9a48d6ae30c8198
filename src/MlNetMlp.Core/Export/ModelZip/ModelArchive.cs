using System.Collections.ObjectModel;
using System.IO.Compression;

namespace MlNetMlp.Interop;

/// <summary>The entries of a model.zip: finds those that MlNetMlp's transformer wrote, and unpacks no more than is allowed.</summary>
/// <remarks>
/// A component of ML.NET has a folder with an entry "Model.key", which begins with a <see cref="MLNetHeader"/>, and beside it what entries and folders it
/// likes; MlNetMlp's are described in the ML.NET project's ModelStorage. Names are separated by "/", or by "\" if the file comes from Windows.
/// </remarks>
internal sealed class ModelArchive : IDisposable
{
    private const string MainEntry = "Model.key";
    private const string NetworkEntry = "Network";
    private const string UncertaintyEntry = "Uncertainty";

    /// <summary>A pipeline of a thousand transforms has a few thousand entries.</summary>
    private const int MostEntries = 1 << 16;

    /// <summary>A main entry has little but names of classes.</summary>
    private const int MostMainBytes = 16 << 20;

    private const int MostUncertaintyBytes = 64;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);
    private readonly ModelBudget _budget;

    /// <param name="stream">The whole archive.</param>
    /// <param name="maximumBytes">What the networks may take together; null: what files of this length may.</param>
    public ModelArchive(Stream stream, long? maximumBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumBytes ?? 1, nameof(maximumBytes));
        if (!stream.CanSeek)
        {
            throw new ArgumentException("The stream of a model file has to be able to seek.", nameof(stream));
        }

        _budget = maximumBytes is { } bytes ? new ModelBudget(bytes) : ModelBudget.OfFile(stream.Length);
        _archive = Try(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        ReadOnlyCollection<ZipArchiveEntry> entries = Try(() => _archive.Entries);
        if (entries.Count > MostEntries)
        {
            throw new InvalidDataException($"The model file has {entries.Count} entries; {MostEntries} are allowed.");
        }

        foreach (ZipArchiveEntry entry in entries)
        {
            string name = entry.FullName.Replace('\\', '/');
            if (!_entries.TryAdd(name, entry))
            {
                _ambiguous.Add(name);
            }
        }
    }

    public void Dispose() => _archive.Dispose();

    /// <summary>The folders of all networks, in ordinal order.</summary>
    public string[] Locations() => [.. _entries
        .Where(pair => IsMain(pair.Key) && pair.Value.Length > MLNetHeader.Size && MLNetHeader.IsOurs(ReadStart(pair.Value, MLNetHeader.Size)))
        .Select(pair => FolderOf(pair.Key))
        .Order(StringComparer.Ordinal)];

    /// <summary>Reads the network in a folder.</summary>
    public ModelZipNetwork Read(string location)
    {
        if (location.Split('/').Any(part => part is ".." or "."))
        {
            throw new InvalidDataException($"'{location}' is no folder that ML.NET writes.");
        }

        var header = MLNetHeader.Parse(ReadSmall(Find(location, MainEntry), MostMainBytes));
        ZipArchiveEntry network = Find(location, NetworkEntry);
        Take(network);
        try
        {
            return Try(() =>
            {
                using var content = new EntryStream(network);
                (MlpModel model, ModelZipEntry entry) = ModelZipEntry.Load(content, _budget, outputs => ReadEarlier(header, location, outputs));
                return content.Position == network.Length
                    ? new ModelZipNetwork(location, entry, model)
                    : throw new InvalidDataException("It has bytes behind its network.");
            });
        }
        catch (InvalidDataException exception)
        {
            // Without an inner exception: whoever looks for the innermost finds the whole message.
            throw new InvalidDataException($"The entry '{network.FullName}' cannot be read. {exception.Message}");
        }
    }

    private static bool IsMain(string name) => name == MainEntry || name.EndsWith("/" + MainEntry, StringComparison.Ordinal);

    private static string FolderOf(string name) => name[..Math.Max(0, name.Length - MainEntry.Length - 1)];

    private static string PathOf(string location, string name) => location.Length == 0 ? name : $"{location}/{name}";

    private bool Has(string location, string name) => _entries.ContainsKey(PathOf(location, name));

    private ZipArchiveEntry Find(string location, string name)
    {
        string path = PathOf(location, name);
        if (_ambiguous.Contains(path))
        {
            throw new InvalidDataException($"The model file has the entry '{path}' more than once.");
        }

        return _entries.TryGetValue(path, out ZipArchiveEntry? entry) ? entry : throw new InvalidDataException($"The model file has no entry '{path}'.");
    }

    private ModelZipEntry ReadEarlier(MLNetHeader header, string location, int outputs)
    {
        var reader = new BoundedReader(header.Body, "model file");
        MonteCarloDropout? passes = Has(location, UncertaintyEntry)
            ? ModelZipEntry.ReadPasses(new BoundedReader(ReadSmall(Find(location, UncertaintyEntry), MostUncertaintyBytes), "model file"))
            : null;
        var entry = ModelZipEntry.ReadEarlier(reader, header.Text(reader.Int32()), outputs, passes);
        return reader.AtEnd ? entry : throw reader.Damaged("bytes are left behind the names of its outputs.");
    }

    /// <summary>The whole of an entry.</summary>
    private byte[] ReadSmall(ZipArchiveEntry entry, long limit)
    {
        if (entry.Length > limit)
        {
            throw new InvalidDataException($"The entry '{entry.FullName}' has {entry.Length} bytes; {limit} are allowed.");
        }

        Take(entry);
        return Try(() =>
        {
            // Grows with what is really there.
            using var content = new EntryStream(entry);
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            byte[] bytes = copy.ToArray();
            return Crc32.Of(bytes) == entry.Crc32 ? bytes
                : throw new InvalidDataException($"The entry '{entry.FullName}' is damaged: its checksum does not match its content.");
        });
    }

    /// <summary>The first bytes of an entry, or fewer where it is damaged.</summary>
    private static byte[] ReadStart(ZipArchiveEntry entry, int length)
    {
        byte[] bytes = new byte[length];
        try
        {
            return Try(() =>
            {
                using var content = new EntryStream(entry);
                return bytes[..content.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
            });
        }
        catch (InvalidDataException)
        {
            // Perhaps of a component that nobody asks for; if it was ours, it is missing from the list.
            return [];
        }
    }

    private void Take(ZipArchiveEntry entry)
    {
        if (entry.IsEncrypted)
        {
            throw new InvalidDataException($"The entry '{entry.FullName}' is encrypted.");
        }

        _budget.TakeBytes(entry.Length, $"the entry '{entry.FullName}'");
    }

    /// <summary>What the framework's reader throws at archives that make no sense, as one kind of exception.</summary>
    private static T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is
            ArgumentException or (NotSupportedException and not PlatformNotSupportedException) or OverflowException or EndOfStreamException)
        {
            throw new InvalidDataException("The model file is damaged: " + exception.Message, exception);
        }
    }
}
