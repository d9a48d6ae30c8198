using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>C# code that users read: a block of a Markdown document, a tutorial, or an example of the API documentation.</summary>
/// <param name="Place">Where it stands: the document and the number of its block, or the member.</param>
/// <param name="Code">The code as it stands there.</param>
/// <param name="IsProgram">Whether it is a whole program, which takes nothing for granted.</param>
internal sealed partial record Example(string Place, string Code, bool IsProgram)
{
    private const string Tutorials = "docs/tutorials/";

    /// <summary>The quick start of README.md.</summary>
    public static Example QuickStart => InDocument("README.md").Single(example => example.IsProgram);

    /// <summary>All of them.</summary>
    public static IEnumerable<Example> All() => [.. Repository.Files(".", "*.md").SelectMany(InDocument), .. InApi()];

    /// <summary>Those of one document. A tutorial is one program that its blocks make together.</summary>
    public static IEnumerable<Example> InDocument(string document)
    {
        Match[] blocks = Block().Matches(File.ReadAllText(Repository.PathOf(document))).ToArray();
        if (document.StartsWith(Tutorials, StringComparison.Ordinal))
        {
            return blocks.Length == 0 ? [] : [new(document, string.Concat(blocks.Select(Indented)), IsProgram: true)];
        }

        return blocks.Select((block, i) =>
            new Example($"{document}, block {i + 1}", Indented(block), block.Groups["name"].Value is "quick-start" or "program"));
    }

    /// <summary>Those of the documentation that the compiler has written beside the assemblies.</summary>
    public static IEnumerable<Example> InApi() =>
        from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "MlNetMlp*.xml").Order(StringComparer.Ordinal)
        from member in XElement.Load(file).Descendants("member")
        from code in member.Elements("example").Elements("code")
        select new Example(member.Attribute("name")!.Value, code.Value, IsProgram: false);

    /// <summary>A block of a list is indented as a whole.</summary>
    private static string Indented(Match block)
    {
        string indent = block.Groups["indent"].Value;
        return string.Concat(block.Groups["code"].Value.Split('\n')
            .Select(line => (line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line) + "\n"));
    }

    [GeneratedRegex(@"(?:<!-- (?<name>[\w-]+) -->\s*)?^(?<indent> *)```csharp\r?\n(?<code>.*?)^ *```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
