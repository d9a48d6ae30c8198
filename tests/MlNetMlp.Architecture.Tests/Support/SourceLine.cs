namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>A line of a file of C#.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">The line as it is.</param>
/// <param name="IsRaw">Whether it lies within a raw string literal of several lines, where no line can be broken.</param>
internal sealed record SourceLine(int Number, string Text, bool IsRaw)
{
    /// <summary>The lines of a file; raw literals are those between lines with an odd number of triple quotes.</summary>
    public static IEnumerable<SourceLine> Of(string text)
    {
        bool isRaw = false;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            bool turns = lines[i].Split("\"\"\"").Length % 2 == 0;
            yield return new SourceLine(i + 1, lines[i], isRaw && !turns);
            isRaw ^= turns;
        }
    }
}
