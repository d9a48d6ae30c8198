using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>The repository is at home on every machine.</summary>
public sealed class RepositoryTests
{
    private static readonly string[] _textFiles = [".cs", ".csproj", ".props", ".targets", ".config", ".json", ".sln", ".md", ".txt"];

    [Theory]
    [InlineData("/home" + "/")]
    [InlineData("/root" + "/")]
    [InlineData("/tmp" + "/")]
    [InlineData("/Users" + "/")]
    [InlineData(":\\" + "Users\\")]
    public void TextFiles_NameNoFolder_OfOneMachine(string path)
    {
        string[] files = [.. Repository.Files(".", "*")
            .Where(file => _textFiles.Contains(Path.GetExtension(file)) && File.ReadAllText(Repository.PathOf(file)).Contains(path, StringComparison.Ordinal))];

        Assert.True(files.Length == 0, Report.Of($"Files that mention {path}:", files));
    }

    [Theory]
    [InlineData("<clear")]
    [InlineData("://")]
    public void NuGetConfig_LeavesPackageSources_ToTheMachine(string text)
        => Assert.DoesNotContain(text, File.ReadAllText(Repository.PathOf("NuGet.config")), StringComparison.OrdinalIgnoreCase);
}
