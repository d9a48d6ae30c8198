namespace MlNetMlp.Core.Tests;

/// <summary>The name that a killed process's file has.</summary>
internal static class LeftFile
{
    public static string NewPath(TemporaryFolder folder)
    {
        // Made, and gone again: so the name is one that was really given.
        using FileStream stream = TemporaryFile.Create(
            folder.Path(""), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete });
        File.Delete(stream.Name);
        return stream.Name;
    }
}
