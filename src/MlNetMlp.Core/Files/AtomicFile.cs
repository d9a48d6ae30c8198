namespace MlNetMlp;

/// <summary>A file that is replaced as a whole: at any moment there is none, the old one or the new one, and never a part of one.</summary>
/// <remarks>
/// <para>
/// The new content goes into a file beside it, <c>path.xxxxxxxx.tmp</c> with eight random hexadecimal digits, is flushed to the disk, and then takes the
/// name. Every writer has a file of its own, so several at a time, in one process or in many, do not meet: the last one to finish wins. Readers are
/// never in the way of a writer, nor it in theirs, but on Windows, where a file that is open elsewhere cannot be replaced.
/// </para>
/// <para>
/// A writer holds a lock on its file, which ends with its process. What a killed process leaves behind is therefore known by being locked by nobody,
/// and the next writer removes it.
/// </para>
/// </remarks>
internal sealed class AtomicFile
{
    private const int Digits = 8;
    private const int MostAttempts = 5;
    private const string Ending = ".tmp";

    private readonly string _folder;
    private bool _isSwept;

    public AtomicFile(string path)
    {
        // The current directory may change between here and there.
        FullPath = Path.GetFullPath(path);
        _folder = Path.GetDirectoryName(FullPath) ?? throw new IOException($"'{FullPath}' is a folder.");
    }

    public string FullPath { get; }

    /// <summary>Puts new content in the place of the old. Whatever this throws, the old content stays and nothing is left beside it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the message names it.</exception>
    public void Write(Action<Stream> content)
    {
        CheckPlace();
        Sweep();
        try
        {
            Replace(content);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException($"The file '{FullPath}' cannot be written: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // The latter is how .NET tells of a file that has become larger than its file system, or the process, is allowed to make one.
            throw new IOException($"The file '{FullPath}' cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Finds out whether the file can be written, and removes what killed processes have left.</summary>
    public void Probe()
    {
        CheckPlace();
        Sweep();
        using FileStream stream = Create();
        try
        {
            stream.WriteByte(0);
            stream.Flush();
        }
        finally
        {
            File.Delete(stream.Name);
        }
    }

    /// <summary>Deletes the file, if there is one.</summary>
    public void Delete() => File.Delete(FullPath);

    private void Replace(Action<Stream> content)
    {
        using FileStream stream = Create();
        try
        {
            content(stream);

            // Otherwise the new name could reach the disk before the new content does.
            stream.Flush(flushToDisk: true);

            // Still open: nobody takes it for something that a killed process has left.
            File.Move(stream.Name, FullPath, overwrite: true);
        }
        catch
        {
            File.Delete(stream.Name);
            throw;
        }
    }

    /// <remarks>Sharing lets others read the file under its new name while this one is still open, and lets Windows rename it.</remarks>
    private FileStream Create()
    {
        for (int attempt = 1; ; attempt++)
        {
            string path = $"{FullPath}.{Guid.NewGuid().ToString("N")[..Digits]}{Ending}";
            try
            {
                var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
                if (File.Exists(path))
                {
                    return stream;
                }

                // Another writer swept it away in the moment before it was locked; from now on none would.
                stream.Dispose();
            }
            catch (IOException) when (attempt < MostAttempts && Directory.Exists(_folder))
            {
                // Another writer is about to sweep it away.
            }
        }
    }

    /// <summary>
    /// Removes what killed processes have left, once: a training run that saves after every epoch need not look through a large folder each
    /// time.
    /// </summary>
    private void Sweep()
    {
        if (_isSwept)
        {
            return;
        }

        _isSwept = true;
        try
        {
            foreach (string path in Directory.EnumerateFiles(_folder).Where(IsTemporary))
            {
                DeleteIfLeft(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written to and not be looked at: what is there stays there.
        }
    }

    private bool IsTemporary(string path)
    {
        int start = FullPath.Length + 1;
        return path.Length == start + Digits + Ending.Length
            && path.StartsWith(FullPath + ".", StringComparison.Ordinal)
            && path.EndsWith(Ending, StringComparison.Ordinal)
            && path.Skip(start).Take(Digits).All(char.IsAsciiHexDigitLower);
    }

    /// <summary>Opens the file for this process alone, which nobody can while its writer lives, and lets it go with that.</summary>
    private static void DeleteIfLeft(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has a writer, or belongs to somebody else.
        }
    }

    private void CheckPlace()
    {
        if (Directory.Exists(FullPath))
        {
            throw new IOException($"'{FullPath}' is a folder.");
        }

        if (!Directory.Exists(_folder))
        {
            throw new DirectoryNotFoundException($"The file '{FullPath}' cannot be written: the folder '{_folder}' is not there, or not to be looked into.");
        }
    }
}
