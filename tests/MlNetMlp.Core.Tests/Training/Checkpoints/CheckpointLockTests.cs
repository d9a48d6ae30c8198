namespace MlNetMlp.Core.Tests;

/// <summary>The lock by which a checkpoint belongs to one training at a time.</summary>
public sealed class CheckpointLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lock_ThroughALink_IsThatOfTheFile()
    {
        File.WriteAllText(_folder.Path("c"), "");
        File.CreateSymbolicLink(_folder.Path("link"), _folder.Path("c"));
        using IDisposable held = new CheckpointFile(_folder.Path("c")).Lock();

        string message = Assert.Throws<IOException>(() => new CheckpointFile(_folder.Path("link")).Lock()).Message;
        Assert.StartsWith($"The checkpoint '{_folder.Path("link")}' is in use by another training", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_ThatCannotBeMade_IsNotBlamedOnAnotherTraining()
    {
        string path = _folder.Path(Path.Combine("missing", "c"));

        string message = Assert.ThrowsAny<IOException>(() => new CheckpointFile(path).Lock()).Message;
        Assert.StartsWith($"The checkpoint '{path}' cannot be locked: ", message, StringComparison.Ordinal);
    }
}
