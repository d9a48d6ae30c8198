using System.Text;

namespace MlNetMlp;

/// <summary>A file that is replaced as a whole: at any moment there is none, the old one or the new one, and never a part of one.</summary>
/// <remarks>
/// <para>
/// The new content goes into a <see cref="TemporaryFile"/> beside it, is flushed to the disk, and then takes the name. Every writer has a file of its own,
/// so several at a time, in one process or in many, do not meet: the last one to finish wins. Readers are never in the way of a writer, nor it in
/// theirs, but on Windows, where a file that is open elsewhere cannot be replaced.
/// </para>
/// <para>
/// On Unix the new file has the mode of the old one. Where the path is a symbolic link, it stays one, and the file that it points to is replaced.
/// What a killed process leaves behind is removed by the next writer to the folder.
/// </para>
/// </remarks>
internal sealed class AtomicFile
{
    private bool _isSwept;

    public AtomicFile(string path)
    {
        // The current directory may change between here and there.
        FullPath = Path.GetFullPath(path);
        if (Path.GetDirectoryName(FullPath) is null)
        {
            throw new IOException($"'{FullPath}' is a folder.");
        }
    }

    public string FullPath { get; }

    /// <summary>Puts a text, in UTF-8, in the place of what a file has.</summary>
    /// <inheritdoc cref="Write(Action{Stream})" path="/exception"/>
    public static void WriteText(string path, string text) => WriteBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Puts bytes in the place of what a file has.</summary>
    /// <inheritdoc cref="Write(Action{Stream})" path="/exception"/>
    public static void WriteBytes(string path, byte[] bytes) => new AtomicFile(path).Write(stream => stream.Write(bytes));

    /// <summary>Puts new content in the place of the old. Whatever this throws, the old content stays and nothing is left beside it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the message names it.</exception>
    public void Write(Action<Stream> content) => Named(() =>
    {
        string target = Prepare();
        using FileStream stream = Create(target);
        try
        {
            content(stream);

            // Otherwise the new name could reach the disk before the new content does.
            stream.Flush(flushToDisk: true);

            // Still open: nobody takes it for something that a killed process has left.
            File.Move(stream.Name, target, overwrite: true);
        }
        catch
        {
            File.Delete(stream.Name);
            throw;
        }
    });

    /// <summary>Finds out whether the file can be written, and removes what killed processes have left.</summary>
    public void Probe() => Named(() =>
    {
        using FileStream stream = Create(Prepare());
        try
        {
            stream.WriteByte(0);
            stream.Flush();
        }
        finally
        {
            File.Delete(stream.Name);
        }
    });

    /// <summary>Deletes the file, if there is one; where the path is a symbolic link, the link stays.</summary>
    public void Delete() => File.Delete(Target());

    /// <summary>Tells of the file that could not be written, and leaves alone what else goes wrong with its content, such as a missing assembly.</summary>
    private void Named(Action action)
    {
        try
        {
            action();
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException($"The file '{FullPath}' cannot be written: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException and not (FileNotFoundException or FileLoadException) or ArgumentOutOfRangeException)
        {
            // The latter is how .NET tells of a file that has become larger than its file system, or the process, is allowed to make one.
            string message = $"The file '{FullPath}' cannot be written: {exception.Message}";
            throw exception is DirectoryNotFoundException ? new DirectoryNotFoundException(message, exception) : new IOException(message, exception);
        }
    }

    /// <summary>The file itself, where the path is a symbolic link; looked up anew each time, for links may change.</summary>
    public string Target() =>
        new FileInfo(FullPath).LinkTarget is null ? FullPath : File.ResolveLinkTarget(FullPath, returnFinalTarget: true)!.FullName;

    /// <summary>Looks whether there is a place for the file, and sweeps it once: a training that saves after every epoch need not do so each time.</summary>
    /// <returns>The file itself.</returns>
    private string Prepare()
    {
        string target = Target(), folder = Path.GetDirectoryName(target)!;
        if (Directory.Exists(target))
        {
            throw new IOException("it is a folder.");
        }

        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"the folder '{folder}' is not there, or not to be looked into.");
        }

        if (!_isSwept)
        {
            _isSwept = true;
            TemporaryFile.Sweep(folder);
        }

        return target;
    }

    /// <remarks>Sharing lets others read the file under its new name while this one is still open, and lets Windows rename it.</remarks>
    private static FileStream Create(string target)
    {
        UnixFileMode? mode = OperatingSystem.IsWindows() || !File.Exists(target) ? null : File.GetUnixFileMode(target);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete };
        if (!OperatingSystem.IsWindows() && mode is not null)
        {
            options.UnixCreateMode = mode;
        }

        FileStream stream = TemporaryFile.Create(Path.GetDirectoryName(target)!, options);
        if (!OperatingSystem.IsWindows() && mode is not null)
        {
            // The process's mask has taken from it what it takes from new files.
            File.SetUnixFileMode(stream.SafeFileHandle, mode.Value);
        }

        return stream;
    }
}
