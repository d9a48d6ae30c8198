namespace MlNetMlp;

/// <summary>A file that is replaced as a whole: at any moment there is none, the old one or the new one, and never a part of one.</summary>
/// <remarks>
/// The new content goes into a file beside it, is flushed to the disk, and then takes the name. That other file has a fixed name, the path and ".tmp":
/// what a killed process leaves behind is written over by the next. It is for one writer at a time; a second one is refused while the first is at it.
/// </remarks>
internal sealed class AtomicFile
{
    private readonly string _temporaryPath;

    public AtomicFile(string path)
    {
        // The current directory may change between here and there.
        FullPath = Path.GetFullPath(path);
        _temporaryPath = FullPath + ".tmp";
    }

    public string FullPath { get; }

    /// <summary>Puts new content in the place of the old. Whatever this throws, the old content stays and nothing is left beside it.</summary>
    public void Write(Action<Stream> content)
    {
        RefuseFolder();
        using FileStream stream = Create();
        try
        {
            content(stream);

            // Otherwise the new name could reach the disk before the new content does.
            stream.Flush(flushToDisk: true);

            // Still open, so that no other writer begins anew in the file that is about to get the name.
            File.Move(_temporaryPath, FullPath, overwrite: true);
        }
        catch
        {
            File.Delete(_temporaryPath);
            throw;
        }
    }

    /// <summary>Finds out whether the file can be written, and removes what a killed process may have left.</summary>
    public void Probe()
    {
        RefuseFolder();
        using (FileStream stream = Create())
        {
            stream.WriteByte(0);
        }

        File.Delete(_temporaryPath);
    }

    /// <summary>Deletes the file, if there is one, and what a killed process may have left.</summary>
    public void Delete()
    {
        File.Delete(_temporaryPath);
        File.Delete(FullPath);
    }

    /// <remarks>Windows renames an open file only if it is shared for that; elsewhere any sharing would let two write at once.</remarks>
    private FileStream Create() =>
        new(_temporaryPath, FileMode.Create, FileAccess.Write, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);

    private void RefuseFolder()
    {
        if (Directory.Exists(FullPath))
        {
            throw new IOException($"'{FullPath}' is a folder.");
        }
    }
}
