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
    [InlineData("Cluster", 1, "Test accuracy", 0.82)] // 0.848
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

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Number();
}
