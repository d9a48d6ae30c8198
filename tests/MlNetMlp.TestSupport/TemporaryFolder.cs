namespace MlNetMlp.TestSupport;

/// <summary>A folder of its own for a test, deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    public string[] Files => [.. Directory.GetFileSystemEntries(_folder.FullName).Select(path => System.IO.Path.GetFileName(path))
        .Order(StringComparer.Ordinal)];

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
