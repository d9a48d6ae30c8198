namespace MlNetMlp;

/// <summary>A temporary file of blocks of equal size, of which those that were used last are in memory as well. Used by one thread at a time.</summary>
/// <remarks>
/// Nobody else can use it, and no litter stays behind, whatever ends the process: on Unix the file loses its name as soon as it is open, what a process
/// leaves that is killed in between is removed by the next, and on Windows the system deletes the file with the last handle. Blocks are read, not
/// mapped: a failing disk is an exception then, and not the end of the process.
/// </remarks>
internal sealed class BlockFile : IDisposable
{
    private readonly int _blockBytes;
    private readonly FileStream _file;
    private readonly List<byte[]> _slots = [];
    private readonly Dictionary<int, int> _slotOfBlock = [];
    private readonly int[] _blockOfSlot;
    private readonly long[] _lastUse;
    private long _clock;

    /// <param name="folder">Where the file is made; null: the folder for temporary files, but not /tmp of Linux, which is in memory on many machines.</param>
    /// <param name="blockBytes">The size of a block.</param>
    /// <param name="blocksInMemory">The most blocks that are in memory.</param>
    /// <exception cref="IOException">The file cannot be made; the message names it.</exception>
    public BlockFile(string? folder, int blockBytes, int blocksInMemory)
    {
        _blockBytes = blockBytes;
        _blockOfSlot = new int[blocksInMemory];
        _lastUse = new long[blocksInMemory];
        Folder = Path.GetFullPath(folder ?? DefaultFolder());
        _file = Open(Folder);
    }

    /// <summary>The folder that the file is in.</summary>
    public string Folder { get; }

    public int BlocksInMemory => _blockOfSlot.Length;

    public bool IsClosed => _file.SafeFileHandle.IsClosed;

    /// <summary>How many blocks were read from the file so far.</summary>
    public long BlocksRead { get; private set; }

    /// <summary>Writes block number <paramref name="number"/>, once and before it is read.</summary>
    /// <exception cref="IOException">The disk is full or failing; the message says how much was written.</exception>
    public void Write(byte[] block, int number)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, block, (long)number * _blockBytes);
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

    private static FileStream Open(string folder)
    {
        try
        {
            TemporaryFile.Sweep(folder);
            bool isUnix = !OperatingSystem.IsWindows();
            FileStream file = TemporaryFile.Create(folder, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = isUnix ? FileOptions.None : FileOptions.DeleteOnClose,
            });
            if (isUnix)
            {
                File.Delete(file.Name);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The temporary file for the rows cannot be made in the folder '{folder}': {exception.Message}", exception);
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
            int count = RandomAccess.Read(_file.SafeFileHandle, block.AsSpan(read), (long)number * block.Length + read);
            read += count > 0 ? count : throw new EndOfStreamException($"The temporary file of the rows in the folder '{Folder}' has been cut short.");
        }
    }
}
