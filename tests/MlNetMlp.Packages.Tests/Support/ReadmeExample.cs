using System.Text.RegularExpressions;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>Makes the example of a package's readme a class that compiles.</summary>
internal static class ReadmeExample
{
    public static string Wrap(string readme, string className)
    {
        string code = Regex.Match(readme, "```csharp(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.False(string.IsNullOrWhiteSpace(code), $"The readme of {className} has no example.");
        string usings = string.Concat(Regex.Matches(code, "^using .*;\r?\n", RegexOptions.Multiline).Select(line => line.Value));
        return $$"""
            {{usings}}
            internal static class {{className}}
            {
                public static void Run(Microsoft.ML.MLContext mlContext, Microsoft.ML.IDataView rows)
                {
                    {{Regex.Replace(code, "^using .*;\r?\n", "", RegexOptions.Multiline)}}
                }
            }
            """;
    }
}
