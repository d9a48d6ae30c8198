namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>
/// A listing that is made from the compiled assemblies and compared with one that somebody has read and committed. With the
/// environment variable MLNETMLP_ACCEPT=1 a test run rewrites the committed file instead.
/// </summary>
internal static class ApprovedText
{
    private const string AcceptVariable = "MLNETMLP_ACCEPT";

    public static void Verify(string pathFromRoot, IEnumerable<string> lines)
    {
        string path = Repository.PathOf(pathFromRoot);
        string[] actual = [.. lines];
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(path, string.Concat(actual.Select(line => line + "\n")));
            return;
        }

        string[] approved = File.Exists(path) ? File.ReadAllLines(path) : [];
        Assert.True(approved.SequenceEqual(actual), $"""
            The compiled code and {pathFromRoot} differ (- approved, + found):

            {string.Join(Environment.NewLine, Difference(approved, actual))}

            If this is meant, accept it and commit the file: {AcceptVariable}=1 dotnet test -c Release
            """);
    }

    /// <summary>The lines that came and went, each group under the heading (the line without indentation) that it belongs to.</summary>
    private static IEnumerable<string> Difference(string[] before, string[] after)
    {
        // common[i, j]: the length of the longest common subsequence of before[i..] and after[j..].
        var common = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        string? heading = null;
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            bool same = i < before.Length && j < after.Length && before[i] == after[j];
            bool removed = !same && i < before.Length && (j == after.Length || common[i + 1, j] >= common[i, j + 1]);
            string line = removed || same ? before[i] : after[j];
            bool isHeading = line.Length > 0 && !char.IsWhiteSpace(line[0]);
            if (same)
            {
                heading = isHeading ? line : heading;
            }
            else
            {
                if (heading is not null && !isHeading)
                {
                    yield return "  " + heading;
                }

                heading = null;
                yield return (removed ? "- " : "+ ") + line;
            }

            i += removed || same ? 1 : 0;
            j += removed ? 0 : 1;
        }
    }
}
