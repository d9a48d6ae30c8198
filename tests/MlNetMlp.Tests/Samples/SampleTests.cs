using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Samples;

/// <summary>
/// Every sample runs, on a part of its epochs, learns, and prints what the simplest answer reaches; the floors lie below what these few epochs reached when
/// they were written.
/// </summary>
public sealed partial class SampleTests
{
    /// <summary>The samples that compare with LightGBM, which has native code for x64 alone.</summary>
    private static readonly string[] _withTrees = ["Digits", "Iris", "TaxiFare", "Adult", "DataFrame", "FSharp"];

    [Theory]
    [InlineData("Digits", 8, "Test accuracy", 0.94)] // 0.967
    [InlineData("Iris", 30, "Test accuracy", 0.85)] // 0.900
    [InlineData("TaxiFare", 2, "Test R^2", 0.5)] // 0.610
    [InlineData("Adult", 2, "Test accuracy", 0.82)] // 0.844
    [InlineData("Search", 2, "Test accuracy", 0.92)] // 0.952
    [InlineData("Text", 6, "Test accuracy", 0.7)] // 0.77
    [InlineData("DataFrame", 2, "Test R^2", 0.5)] // 0.58
    [InlineData("FSharp", 30, "Test accuracy", 0.85)] // 0.93
    [InlineData("Experiments", 2, "Test accuracy", 0.85)]
    [InlineData("Cluster", 1, "Test accuracy", 0.82)] // 0.848
    public async Task Sample_OnFewEpochs_Learns(string name, int epochs, string measure, double floor)
    {
        string[] lines = await SiblingProgram.Run(name, AppContext.BaseDirectory, "--epochs", epochs.ToString(CultureInfo.InvariantCulture));

        string line = Assert.Single(lines, text => text.StartsWith(measure, StringComparison.Ordinal));
        double reached = double.Parse(Number().Match(line[measure.Length..]).Value, CultureInfo.InvariantCulture);
        Assert.True(reached >= floor, line);
        Assert.Contains(lines, text => text.StartsWith("Always ", StringComparison.Ordinal) || text.StartsWith("Without a search", StringComparison.Ordinal));
        if (_withTrees.Contains(name) && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Assert.Single(lines, text => text.StartsWith("LightGBM ", StringComparison.Ordinal));
        }
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
