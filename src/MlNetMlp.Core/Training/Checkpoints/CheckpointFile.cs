using System.Security.Cryptography;
using System.Text;

namespace MlNetMlp;

/// <summary>The file of a checkpoint: at any moment there is none, the old one or the new one, and never a part of one.</summary>
/// <remarks>
/// Layout: an <see cref="Envelope"/> with the magic "MLPCHKPT" and, as its body, a <see cref="CheckpointContent"/>.
/// Version history: 1, the first; 2, sections, and random numbers that are addressed by the role of what draws them; 3, the training metric of each
/// epoch; 4, output biases that start at the best constant.
/// The number rises whenever the same settings come to mean another course of the training, or its history has something new, which no checkpoint
/// can be carried over: earlier versions are refused, and their files stay.
/// </remarks>
internal sealed class CheckpointFile
{
    private const string LockExtension = ".lock";

    private static readonly Envelope _envelope = new("MLPCHKPT", "checkpoint", Version: 4)
    {
        OldestVersion = 4,
        AdviceOnOlder = "Finish the training with the release that began it, or start anew.",
    };

    private readonly AtomicFile _file;

    public CheckpointFile(string path) => _file = new AtomicFile(path);

    public string FullPath => _file.FullPath;

    /// <summary>The content of the file, or null if there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not a checkpoint, was written by another release, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CheckpointContent? Load()
    {
        if (!File.Exists(FullPath))
        {
            return null;
        }

        try
        {
            return Try("read", () =>
            {
                using FileStream stream = File.OpenRead(FullPath);
                (_, BoundedReader body) = _envelope.Open(stream);
                CheckpointContent content = CheckpointContent.Read(body);
                return stream.Position == stream.Length ? content : throw body.Damaged("bytes are left behind its checksum.");
            });
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{exception.Message} The file is '{FullPath}'; delete it to start anew.", exception);
        }
    }

    /// <summary>Finds out whether a checkpoint can be written, and removes what a killed process may have left.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public void Probe() => Try("written", _file.Probe);

    /// <summary>
    /// Keeps the checkpoint for one training, until what is returned is disposed of, by a file beside it that is locked: the end of a process, however it
    /// comes, frees it. Where the path is a symbolic link, the lock is beside the file that it points to. It has the name of the file and <c>.lock</c>, or
    /// a hash of the name where that would be too long.
    /// </summary>
    /// <exception cref="IOException">Another training, of this process or another, has it; or the lock cannot be made.</exception>
    public FileStream Lock()
    {
        string path = LockOf(_file.Target());
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
                BufferSize = 0,
            });
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new IOException(
                $"The checkpoint '{FullPath}' is in use by another training, which has locked '{path}'. Give each training a checkpoint of its own.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed("locked", exception);
        }
    }

    private static string LockOf(string path)
    {
        const int LongestName = 255;
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
        return name.Length <= LongestName - LockExtension.Length ? path + LockExtension
            : Path.Combine(Path.GetDirectoryName(path)!, Convert.ToHexStringLower(SHA256.HashData(name)) + LockExtension);
    }

    /// <summary>Refuses a checkpoint that cannot be written or that another training has, before rows are read for it in vain.</summary>
    /// <exception cref="IOException">It is one of these.</exception>
    public void CheckFree()
    {
        Probe();
        Lock().Dispose();
    }

    /// <summary>Puts new content in the place of the old.</summary>
    /// <exception cref="IOException">It cannot be written; the old content stays.</exception>
    public void Save(CheckpointContent content) => Try("written", () => _file.Write(stream => _envelope.Seal(stream, content.ToSections())));

    /// <summary>Deletes the file, if there is one.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public void Delete() => Try("deleted", _file.Delete);

    private void Try(string what, Action action) => Try(what, () =>
    {
        action();
        return true;
    });

    private T Try<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(what, exception);
        }
    }

    private IOException Failed(string what, Exception exception) =>
        new($"The checkpoint '{FullPath}' cannot be {what}: {(exception.InnerException ?? exception).Message}", exception);
}
