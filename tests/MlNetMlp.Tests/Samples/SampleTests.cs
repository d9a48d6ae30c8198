using System.Globalization;
using System.Text.RegularExpressions;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Samples;

/// <summary>Every sample runs, on a part of its epochs, and learns; the floors lie below what these few epochs reached when they were written.</summary>
public sealed partial class SampleTests
{
    [Theory]
    [InlineData("Digits", 8, "Test accuracy", 0.94)] // 0.967
    [InlineData("Iris", 30, "Test accuracy", 0.85)] // 0.900
    [InlineData("TaxiFare", 2, "Test R^2", 0.5)] // 0.610
    [InlineData("Adult", 2, "Test accuracy", 0.82)] // 0.844
    [InlineData("Search", 2, "Test accuracy", 0.92)] // 0.952
    public async Task Sample_OnFewEpochs_Learns(string name, int epochs, string measure, double floor)
    {
        string[] lines = await SiblingProgram.Run(name, AppContext.BaseDirectory, "--epochs", epochs.ToString(CultureInfo.InvariantCulture));

        string line = Assert.Single(lines, text => text.StartsWith(measure, StringComparison.Ordinal));
        double reached = double.Parse(Number().Match(line[measure.Length..]).Value, CultureInfo.InvariantCulture);
        Assert.True(reached >= floor, line);
    }

    [Fact]
    public async Task Diagnose_SoundAndSickConfiguration_TellsThemApart()
    {
        string[] lines = await SiblingProgram.Run("Diagnose", AppContext.BaseDirectory);

        Assert.Contains("Warnings of the sound configuration: 0", lines);
        string sick = Assert.Single(lines, line => line.StartsWith("Warnings of the sick configuration: ", StringComparison.Ordinal));
        Assert.True(int.Parse(sick.Split(' ')[^1], CultureInfo.InvariantCulture) >= 3, sick);
        Assert.Contains("Gradient check of the sound configuration: Passed", lines);
    }

    /// <summary>
    /// The quick start of README.md, compiled from the text itself, on houses whose price is 50 + 30 rooms - age, and 40 more in the
    /// South. Five rooms and twelve years in the North make 188.
    /// </summary>
    [Fact]
    public async Task QuickStartOfTheReadme_OnHouses_PredictsTheirPrice()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        try
        {
            IEnumerable<string> rows = Enumerable.Range(0, 600).Select(i =>
            {
                bool isSouth = i % 3 == 0;
                int rooms = 1 + i % 8, age = i * 7 % 40;
                return string.Create(CultureInfo.InvariantCulture,
                    $"{(isSouth ? "South" : "North")},{rooms},{age},{50 + 30 * rooms - age + (isSouth ? 40 : 0)}");
            });
            await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "houses.csv"), rows.Prepend("District,Rooms,Age,Price"));

            string[] lines = await SiblingProgram.Run("MlNetMlp.Readme", folder.FullName);

            Assert.StartsWith("R^2 ", lines[0], StringComparison.Ordinal);
            Assert.InRange(double.Parse(lines[0][4..], CultureInfo.InvariantCulture), 0.98, 1);
            Assert.InRange(double.Parse(lines[1], CultureInfo.InvariantCulture), 178, 198);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "model.zip")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Number();
}
