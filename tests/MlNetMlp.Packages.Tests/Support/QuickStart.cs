using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>The example at the beginning of README.md, and rows for it.</summary>
internal static class QuickStart
{
    private static readonly string[] _districts = ["North", "South", "West"];

    private static string Readme => File.ReadAllText(Path.Combine(LocalFeed.SourceTree, "README.md"));

    public static string Program => Regex.Match(Readme, "quick-start -->\\s*```csharp(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    /// <summary>The first command of the section about installation, word by word, without <c>dotnet</c>.</summary>
    public static string[] InstallCommand => Regex.Match(Readme, "## Install\n\n +dotnet ([^\n]+)").Groups[1].Value.Split(' ');

    public static float Price(string district, float rooms, float age) => 100 + (50 * Array.IndexOf(_districts, district)) + (30 * rooms) - (0.8f * age);

    public static void WriteHouses(string path)
    {
        IEnumerable<string> rows = Enumerable.Range(0, 600).Select(i =>
        {
            (string district, float rooms, float age) = (_districts[i % 3], 1 + (i / 3 % 8), i * 37 % 60);
            return string.Create(CultureInfo.InvariantCulture, $"{district},{rooms},{age},{Price(district, rooms, age) + (i % 7) - 3}");
        });
        File.WriteAllLines(path, ["District,Rooms,Age,Price", .. rows]);
    }
}
