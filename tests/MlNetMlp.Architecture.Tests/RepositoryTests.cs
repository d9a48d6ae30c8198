using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>The repository is the same on every machine, and its files can be read on every screen.</summary>
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

    /// <summary>What a program asks for is there as a whole or not at all, whenever it is killed. What a silo keeps dies with it anyway.</summary>
    [Theory]
    [InlineData("File.WriteAll")]
    [InlineData("File.AppendAll")]
    [InlineData("File.OpenWrite")]
    [InlineData("File.Create")]
    [InlineData("File.Copy")]
    [InlineData("new StreamWriter(path")]
    [InlineData("FileMode.Create,")]
    [InlineData("FileMode.Create)")]
    public void Packages_ReplaceFiles_ByAtomicFileAlone(string call)
    {
        string[] calls = [.. Repository.Files("src", "*.cs")
            .Where(file => file.StartsWith("src/MlNetMlp", StringComparison.Ordinal) && !file.Contains("/MlNetMlp.Orleans/Content/", StringComparison.Ordinal))
            .SelectMany(file => SourceLine.Of(File.ReadAllText(Repository.PathOf(file))).Select(line => (File: file, Line: line)))
            .Where(one => one.Line.Text.Contains(call, StringComparison.Ordinal)
                && !one.Line.Text.Contains("Temporary" + call, StringComparison.Ordinal))
            .Select(one => $"{one.File}:{one.Line.Number}: {one.Line.Text.Trim()}")];

        Assert.True(calls.Length == 0, Report.Of($"Lines with {call}; AtomicFile replaces a file as a whole.", calls));
    }

    [Fact]
    public void Lines_OfCode_HaveAtMost160Characters()
    {
        const int longest = 160;

        string[] lines = [.. Repository.Files(".", "*.cs")
            .SelectMany(file => SourceLine.Of(File.ReadAllText(Repository.PathOf(file))).Select(line => (File: file, Line: line)))
            .Where(one => one.Line.Text.Length > longest && !one.Line.IsRaw)
            .Select(one => $"{one.File}:{one.Line.Number} has {one.Line.Text.Length}")];

        Assert.True(lines.Length == 0, Report.Of($"Lines of more than {longest} characters:", lines));
    }
}
