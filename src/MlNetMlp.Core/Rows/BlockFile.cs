using Microsoft.Win32.SafeHandles;

namespace MlNetMlp;

/// <summary>A temporary file of blocks of equal size, of which those that were used last are in memory as well. Used by one thread at a time.</summary>
/// <remarks>
/// No other process can use it, and nothing stays behind, however the process ends: on Unix the file loses its name as soon as it is open, and
/// on Windows the system deletes it with the last handle. Blocks are read, not mapped: a failing disk then causes an exception, not a crash.
/// </remarks>
internal sealed class BlockFile : IDisposable
{
    private readonly int _blockBytes;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly List<byte[]> _slots = [];
    private readonly Dictionary<int, int> _slotOfBlock = [];
    private readonly int[] _blockOfSlot;
    private readonly long[] _lastUse;
    private long _clock;

    /// <param name="folder">Where the file is created; null: the folder for temporary files, but not /tmp on Linux, which is often in memory.</param>
    /// <param name="extension">How its name ends.</param>
    /// <param name="blockBytes">The size of a block.</param>
    /// <param name="blocksInMemory">The most blocks that are in memory.</param>
    /// <exception cref="IOException">The file cannot be created; the message names it.</exception>
    public BlockFile(string? folder, string extension, int blockBytes, int blocksInMemory)
    {
        _blockBytes = blockBytes;
        _blockOfSlot = new int[blocksInMemory];
        _lastUse = new long[blocksInMemory];
        _path = Path.GetFullPath(Path.Combine(folder ?? DefaultFolder(), $"mlnetmlp-{Guid.NewGuid():N}{extension}"));
        _file = Open(_path);
    }

    /// <summary>The folder that the file is in.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    public int BlocksInMemory => _blockOfSlot.Length;

    public bool IsClosed => _file.IsClosed;

    /// <summary>How many blocks were read from the file so far.</summary>
    public long BlocksRead { get; private set; }

    /// <summary>Writes block number <paramref name="number"/>, once and before it is read.</summary>
    /// <exception cref="IOException">The disk is full or failing; the message says how much was written.</exception>
    public void Write(byte[] block, int number)
    {
        try
        {
            RandomAccess.Write(_file, block, (long)number * _blockBytes);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The rows cannot be written to the folder '{Folder}' after {(long)number * _blockBytes >> 20} MiB: {exception.Message.TrimEnd('.')}. " +
                "Another folder may have more room, and 16-bit features take half of it.", exception);
        }
    }

    /// <summary>The bytes of a block, from memory or else from the file; valid until the next call.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[] Read(int number)
    {
        if (!_slotOfBlock.TryGetValue(number, out int slot))
        {
            slot = Vacate();
            Read(_slots[slot], number);
            _slotOfBlock[number] = slot;
            _blockOfSlot[slot] = number;
        }

        _lastUse[slot] = ++_clock;
        return _slots[slot];
    }

    /// <summary>Closes the file, which deletes it.</summary>
    public void Dispose() => _file.Dispose();

    private static string DefaultFolder()
    {
        const string LargeFiles = "/var/tmp";
        bool isGiven = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMPDIR"));
        return OperatingSystem.IsLinux() && !isGiven && Directory.Exists(LargeFiles) ? LargeFiles : Path.GetTempPath();
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            bool isUnix = !OperatingSystem.IsWindows();
            FileOptions options = isUnix ? FileOptions.None : FileOptions.DeleteOnClose;
            SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, options);
            if (isUnix)
            {
                File.Delete(path);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The temporary file '{path}' for the rows cannot be made: {exception.Message}", exception);
        }
    }

    /// <summary>A slot without a block: a new one, or that of the block that was used least recently.</summary>
    private int Vacate()
    {
        if (_slots.Count < _blockOfSlot.Length)
        {
            _slots.Add(new byte[_blockBytes]);
            _blockOfSlot[_slots.Count - 1] = -1;
            return _slots.Count - 1;
        }

        int oldest = 0;
        for (int slot = 1; slot < _blockOfSlot.Length; slot++)
        {
            oldest = _lastUse[slot] < _lastUse[oldest] ? slot : oldest;
        }

        _slotOfBlock.Remove(_blockOfSlot[oldest]);
        _blockOfSlot[oldest] = -1;
        return oldest;
    }

    private void Read(byte[] block, int number)
    {
        BlocksRead++;
        for (int read = 0; read < block.Length;)
        {
            int count = RandomAccess.Read(_file, block.AsSpan(read), (long)number * block.Length + read);
            read += count > 0 ? count : throw new EndOfStreamException($"The temporary file '{_path}' of the rows has been cut short.");
        }
    }
}
