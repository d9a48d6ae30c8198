using System.Text.RegularExpressions;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>The example at the beginning of README.md, which makes its own rows.</summary>
internal static class QuickStart
{
    /// <summary>The price that five rooms of twelve years in the North have there, but for the noise: 50 + 30 rooms - age.</summary>
    public const float Price = 188;

    private static string Readme => File.ReadAllText(Path.Combine(LocalFeed.SourceTree, "README.md"));

    public static string Program => Regex.Match(Readme, "quick-start -->\\s*```csharp(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    /// <summary>The first command of the section about installation, word by word, without <c>dotnet</c>.</summary>
    public static string[] InstallCommand => Regex.Match(Readme, "## Install\n\n +dotnet ([^\n]+)").Groups[1].Value.Split(' ');
}
