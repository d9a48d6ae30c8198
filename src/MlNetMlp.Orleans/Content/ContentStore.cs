namespace MlNetMlp.Search;

/// <summary>Rows and other content on the disk, up to a limit: what was not used for longest goes.</summary>
/// <remarks>
/// Each is in a file that is called by the checksum of its bytes. The folder is one of its own in the folder given, and is deleted with the store; what a
/// killed process leaves there, by the next store.
/// </remarks>
internal sealed class ContentStore : IDisposable
{
    private const string LockFile = "lock";
    private const string Prefix = "mlnetmlp-rows-";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly FileStream _owner;
    private readonly long _limit;
    private long _uses, _held;

    /// <param name="parent">The folder in which there is going to be one for the content.</param>
    /// <param name="limit">The number of bytes above which content that is not in use goes.</param>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public ContentStore(string parent, long limit)
    {
        _limit = limit;
        Directory.CreateDirectory(parent);
        Sweep(parent);
        (_folder, _owner) = Create(parent);
    }

    /// <summary>The bytes on the disk.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    public bool Has(string name)
    {
        lock (_lock)
        {
            return _entries.ContainsKey(name);
        }
    }

    /// <summary>Keeps content.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public string Add(byte[] content)
    {
        string name = RemoteFormats.NameOf(content);
        lock (_lock)
        {
            if (!_entries.ContainsKey(name))
            {
                File.WriteAllBytes(PathOf(name), content);
                _entries.Add(name, new Entry(content.Length, ++_uses, 0));
                Count(content.Length);
                Evict(except: name);
            }
        }

        return name;
    }

    /// <summary>The bytes of content.</summary>
    /// <exception cref="FileNotFoundException">There is none of this name.</exception>
    public byte[] Read(string name)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(name, out Entry entry))
            {
                throw new FileNotFoundException($"There is no content {name}.");
            }

            _entries[name] = entry with { LastUse = ++_uses };
        }

        return File.ReadAllBytes(PathOf(name));
    }

    /// <summary>Keeps content that is going to be read from being evicted, until the result is disposed of; null: some of it is missing.</summary>
    public IDisposable? Pin(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            if (!names.All(_entries.ContainsKey))
            {
                return null;
            }

            foreach (string name in names)
            {
                _entries[name] = _entries[name] with { Pins = _entries[name].Pins + 1, LastUse = ++_uses };
            }
        }

        return new Pinned(this, names);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Count(-_held);
            _entries.Clear();
        }

        _owner.Dispose();
        Delete(_folder);
    }

    private void Unpin(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            foreach (string name in names.Where(_entries.ContainsKey))
            {
                _entries[name] = _entries[name] with { Pins = _entries[name].Pins - 1 };
            }

            Evict(except: null);
        }
    }

    private void Evict(string? except)
    {
        while (_held > _limit && _entries.Where(entry => entry.Value.Pins == 0 && entry.Key != except).OrderBy(entry => entry.Value.LastUse)
            .Select(entry => entry.Key).FirstOrDefault() is { } oldest)
        {
            File.Delete(PathOf(oldest));
            _entries.Remove(oldest, out Entry gone);
            Count(-gone.Length);
        }
    }

    private void Count(long bytes)
    {
        _held += bytes;
        TrainingMetrics.BytesHeld.Add(bytes);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Creates a folder, and a file in it that is locked as long as its owner lives.</summary>
    private static (string Folder, FileStream Owner) Create(string parent)
    {
        string folder = "";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        FileStream owner = TemporaryFile.Create(parent, NewPath, options);
        return (folder, owner);

        string NewPath()
        {
            if (folder.Length > 0)
            {
                Delete(folder);
            }

            folder = Path.Combine(parent, Prefix + Guid.NewGuid().ToString("n"));
            Directory.CreateDirectory(folder);
            return Path.Combine(folder, LockFile);
        }
    }

    /// <summary>Deletes the folders whose owners are no more: nobody has a lock in them.</summary>
    private static void Sweep(string parent)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                // The lock goes while it is held: whoever gets it then sees that it is no more.
                using (new FileStream(Path.Combine(folder, LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose))
                {
                }

                Delete(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is in use, has just been created, or belongs to somebody else.
            }
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next store tries again.
        }
    }

    private readonly record struct Entry(long Length, long LastUse, int Pins);

    private sealed class Pinned(ContentStore store, IReadOnlyList<string> names) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                store.Unpin(names);
            }
        }
    }
}
