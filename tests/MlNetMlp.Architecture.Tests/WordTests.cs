using System.Text.RegularExpressions;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>Public sentences and the names of types use the words of the field.</summary>
public sealed partial class WordTests
{
    /// <summary>The texts that are looked through: documentation, and comments, messages and file names of the product and its samples.</summary>
    private static readonly string[] _documents = ["README.md", "CONTRIBUTING.md"];

    [Theory]
    [InlineData(@"\bcoats?\b", "the ML.NET integration, or MlNetMlp")]
    [InlineData(@"\bstand-?ins?\b", "what it is")]
    [InlineData(@"\bby heart\b", "memorize, overfit")]
    [InlineData(@"\bchances?\b", "random numbers, at random, probability")]
    [InlineData(@"\bjudg(e|es|ed|ing|ements?)\b", "evaluate")]
    [InlineData(@"(?<!\bto )\bmeasures?\b(?! (the|what|how|them|on|all|probabilities|there|instead|once)\b)", "metric")]
    [InlineData(@"\b(the|this|our|one) house\b", "layout, structure")]
    [InlineData(@"\b(a|the|this|each|every|its|own|sub-?)[ -]?rooms?\b", "folder; width or space")]
    [InlineData(@"(?-i:\bthread teams?\b)", "thread pool")]
    [InlineData(@"\bdoors?\b", "exception, entry point")]
    public void Texts_UseTheWordsOfTheField(string word, string instead)
    {
        var pattern = new Regex(word, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        string[] found = [.. Sentences()
            .Where(sentence => pattern.IsMatch(sentence.Text))
            .Select(sentence => $"{sentence.Place}: {sentence.Text}")];

        Assert.True(found.Length == 0, Report.Of($"Lines that have {word}; better: {instead}.", found));
    }

    [Theory]
    [InlineData("    /// The coat of a unit.", "The coat of a unit.")]
    [InlineData("    return x; // by chance", "by chance")]
    [InlineData("throw new InvalidOperationException($\"No measure {name} \" + \"here\");", "No measure {name}  here")]
    [InlineData("int measure = Measure(chance);", "")]
    public void WordsOf_ALineOfCode_AreItsCommentsAndTexts(string line, string expected) => Assert.Equal(expected, WordsOf(line).Trim());

    private static IEnumerable<(string Place, string Text)> Sentences()
    {
        IEnumerable<(string, string)> documents = Repository.Files(".", "*.md")
            .Where(file => _documents.Contains(file) || file.StartsWith("docs/", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(Repository.PathOf(file)).Select((line, i) => ($"{file}:{i + 1}", line)));
        string[] sources = [.. Repository.Files("src", "*.cs"), .. Repository.Files("samples", "*.cs")];
        IEnumerable<(string, string)> names = sources.Select(file => (file, Humps().Replace(Path.GetFileNameWithoutExtension(file), " ")));
        IEnumerable<(string, string)> lines = sources
            .SelectMany(file => SourceLine.Of(File.ReadAllText(Repository.PathOf(file)))
                .Select(line => ($"{file}:{line.Number}", line.IsRaw ? line.Text : WordsOf(line.Text))));
        return [.. documents, .. names, .. lines];
    }

    /// <summary>What a reader of the line reads as a sentence: its comment and the contents of its string literals.</summary>
    private static string WordsOf(string line)
    {
        string code = line, comment = "";
        if (Comment().Match(line) is { Success: true } match)
        {
            (code, comment) = (line[..match.Index], match.Groups[1].Value);
        }

        return string.Join(' ', Literal().Matches(code).Select(literal => literal.Groups[1].Value).Append(comment));
    }

    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Humps();

    [GeneratedRegex(@"(?:^|\s)///?\s?(.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Literal();
}
