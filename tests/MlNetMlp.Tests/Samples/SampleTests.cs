using System.Globalization;
using System.Runtime.InteropServices;
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
    [InlineData("Text", 3, "Test accuracy", 0.6)] // 0.74
    [InlineData("DataFrame", 2, "Test R^2", 0.5)] // 0.58
    [InlineData("FSharp", 30, "Test accuracy", 0.85)] // 0.93
    [InlineData("Cluster", 1, "Test accuracy", 0.82)] // 0.848
    public async Task Sample_OnFewEpochs_Learns(string name, int epochs, string measure, double floor)
    {
        string[] lines = await SiblingProgram.Run(name, AppContext.BaseDirectory, "--epochs", epochs.ToString(CultureInfo.InvariantCulture));

        string line = Assert.Single(lines, text => text.StartsWith(measure, StringComparison.Ordinal));
        double reached = double.Parse(Number().Match(line[measure.Length..]).Value, CultureInfo.InvariantCulture);
        Assert.True(reached >= floor, line);
    }

    /// <summary>The simplest answer and trees are on lines of their own, so that a reader can compare.</summary>
    [Theory]
    [InlineData("Adult", 1)]
    [InlineData("TaxiFare", 1)]
    [InlineData("Iris", 1)]
    public async Task Sample_PrintsWhatOthersReach(string name, int epochs)
    {
        string[] lines = await SiblingProgram.Run(name, AppContext.BaseDirectory, "--epochs", epochs.ToString(CultureInfo.InvariantCulture));

        Assert.Single(lines, line => line.StartsWith("Always ", StringComparison.Ordinal));
        Assert.Equal(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 1 : 0, lines.Count(line => line.StartsWith("LightGBM ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Scorer_OfWhatDigitsHasWritten_RecognizesThem()
    {
        string[] digits = await SiblingProgram.Run("Digits", AppContext.BaseDirectory, "--epochs", "4");
        Assert.Contains(digits, line => line.Contains("samples/Scorer", StringComparison.Ordinal));

        string[] scores = await SiblingProgram.Run("Scorer", AppContext.BaseDirectory);

        // The first ten digits of the test set are 0 to 9, in this order.
        Assert.Equal(10, scores.Length);
        Assert.InRange(scores.Index().Count(row => row.Item.EndsWith($",{row.Index}", StringComparison.Ordinal)), 8, 10);
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
