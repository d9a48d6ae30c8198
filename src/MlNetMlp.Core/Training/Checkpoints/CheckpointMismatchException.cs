namespace MlNetMlp;

/// <summary>A checkpoint belongs to another training run: the options or the data are not those that it was written with.</summary>
public sealed class CheckpointMismatchException : InvalidOperationException
{
    internal CheckpointMismatchException(string path, IReadOnlyList<string> differences)
        : base($"The checkpoint '{path}' belongs to another training: {string.Join("; ", differences)}. " +
            "Give the options and data of that training to continue it, or delete the file to start anew.")
    {
        Path = path;
        Differences = differences;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What differs, each with its value in the checkpoint and its value now.</summary>
    public IReadOnlyList<string> Differences { get; }
}
