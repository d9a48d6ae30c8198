namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>Words for a failing test.</summary>
internal static class Report
{
    public static string Of(string heading, IEnumerable<string> lines)
        => string.Join(Environment.NewLine, lines.Select(line => "  " + line).Prepend(heading));
}
