using System.Text.RegularExpressions;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>
/// The diagram of folders in CONTRIBUTING.md: below the line of a project, a line for each level, the highest one first, with two spaces between
/// the names of folders and more in front of what is said about them.
/// </summary>
internal static partial class FolderDiagram
{
    /// <summary>The folders of a project from the ground up: each may use those of its own level, without circles, and those of the levels below.</summary>
    public static IReadOnlyList<string[]> LevelsOf(string project)
    {
        string diagram = File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")).ReplaceLineEndings("\n").Split("```")[1];
        return [.. diagram.Split('\n')
            .SkipWhile(line => !Regex.IsMatch(line, $@"\bsrc/{Regex.Escape(project)}\s"))
            .Skip(1)
            .TakeWhile(line => !line.Contains("src/", StringComparison.Ordinal))
            .Select(line => Description().Replace(line.TrimStart(' ', '|'), ""))
            .Where(names => names.Length > 0)
            .Select(names => names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Reverse()];
    }

    [GeneratedRegex(" {3,}.*$")]
    private static partial Regex Description();
}
