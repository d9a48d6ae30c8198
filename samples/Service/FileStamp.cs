namespace Service;

/// <summary>What is known of a file from the outside: enough to see that it was replaced.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>The stamp of a file, or null if there is none.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : null;
    }
}
