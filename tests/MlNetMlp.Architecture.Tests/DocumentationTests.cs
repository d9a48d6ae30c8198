using System.Globalization;
using System.Text.RegularExpressions;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>The documents keep what they promise: their code compiles and runs as it stands there, their commands and links lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Places() => [.. Example.All().Select(example => example.Place)];

    public static TheoryData<string> Documents() => [.. Repository.Files(".", "*.md")];

    [Theory]
    [MemberData(nameof(Places))]
    public void Example_AsItStandsThere_Compiles(string place)
        => Assert.Empty(ExampleCompiler.Errors(Example.All().Single(example => example.Place == place)));

    [Fact]
    public void Example_ThatNamesWhatIsNotThere_DoesNotCompile() =>
        Assert.Contains(ExampleCompiler.Errors(new Example("here", "mlContext.Regression.Trainers.NoSuchTrainer();", IsProgram: false)),
            error => error.Contains("NoSuchTrainer", StringComparison.Ordinal));

    [Fact]
    public void Example_ThatIsAProgram_TakesNothingForGranted() =>
        Assert.Contains(ExampleCompiler.Errors(new Example("here", "System.Console.WriteLine(mlContext);", IsProgram: true)),
            error => error.Contains("mlContext", StringComparison.Ordinal));

    /// <summary>What users touch first has an example in the documentation that an editor shows.</summary>
    [Theory]
    [InlineData("T:MlNetMlp.MlpBinaryTrainer")]
    [InlineData("T:MlNetMlp.MlpMulticlassTrainer")]
    [InlineData("T:MlNetMlp.MlpRegressionTrainer")]
    [InlineData("T:MlNetMlp.MlpTrainerOptions")]
    [InlineData("T:MlNetMlp.MlpPredictionTransformer")]
    [InlineData("T:MlNetMlp.Serving.RowScorer")]
    [InlineData("T:MlNetMlp.Search.SearchSpace`1")]
    [InlineData("T:Microsoft.ML.MlpCatalog")]
    [InlineData("T:Microsoft.ML.MlpSearchCatalog")]
    public void Type_ThatUsersTouchFirst_HasAnExample(string member) => Assert.Contains(Example.InApi(), example => example.Place == member);

    /// <summary>
    /// The quick start needs no file: it makes houses whose price is 50 + 30 rooms - age, and 40 more in the South, with a noise from -10 to 10. So the mean
    /// absolute error is at least about 5, R^2 at most about 0.995, and five rooms of twelve years in the North cost about 188.
    /// </summary>
    [Fact]
    public async Task QuickStartOfTheReadme_AsPasted_TrainsAndPredicts() => await InFolder([], async folder =>
    {
        string[] lines = await ExampleCompiler.Run(Example.QuickStart, folder);

        Assert.Contains(lines, line => line.StartsWith("Epoch 1", StringComparison.OrdinalIgnoreCase));
        Assert.InRange(NumberBehind("R^2 ", lines), 0.98, 0.996);
        Assert.InRange(NumberBehind("Mean absolute error", lines), 4.5, NumberBehind("always the mean", lines) / 5);
        Assert.InRange(NumberBehind("in the North:", lines), 180, 196);
        Assert.True(File.Exists(Path.Combine(folder, "model.zip")));
    });

    [Theory]
    [Trait("Needs", "x64")]
    [InlineData("income.md", "Adult", "Mlp: accuracy", 0.85, "LightGBM: accuracy", "Majority class: accuracy")]
    [InlineData("digits.md", "Digits", "Mlp: accuracy", 0.96, "LightGBM: accuracy", "Majority class: accuracy")]
    [InlineData("taxi-fare.md", "TaxiFare", "Mlp: R^2", 0.6, "LightGBM: R^2", "Mean: R^2")]
    public async Task Tutorial_OnTheDataOfTheSample_Learns(string tutorial, string sample, string metric, double floor, params string[] others) =>
        await InFolder(Directory.GetFiles(Repository.PathOf("samples", sample, "Data"), "*.csv"), async folder =>
        {
            string[] lines = await ExampleCompiler.Run(Example.InDocument($"docs/tutorials/{tutorial}").Single(), folder);

            double reached = NumberBehind(metric, lines);
            Assert.True(reached >= floor, string.Join(Environment.NewLine, lines));
            Assert.All(others, other => Assert.True(NumberBehind(other, lines) < reached + 0.02, string.Join(Environment.NewLine, lines)));
        });

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_OfTheDocument_NameProjectsThatExist(string document)
    {
        IEnumerable<string> projects = Project().Matches(File.ReadAllText(Repository.PathOf(document))).Select(match => match.Groups[1].Value);

        Assert.All(projects, project => Assert.NotEmpty(Directory.EnumerateFiles(Repository.PathOf(project), "*.*proj")));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfTheDocument_LeadToFiles(string document)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        IEnumerable<string> links = Link().Matches(File.ReadAllText(Repository.PathOf(document)))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#'));

        // The pages of the API are in the site alone.
        string[] files = [.. links.Where(link => !link.StartsWith("xref:", StringComparison.Ordinal)).Select(link => link.Split('#')[0])];
        Assert.All(files, file => Assert.True(Path.Exists(Path.Combine(folder, file)), file));
    }

    [Fact]
    public void OptionsReference_IsThatOfTheDocumentation() => ApprovedText.Verify("docs/reference/options.md", OptionsReference.Lines());

    private static async Task InFolder(string[] files, Func<string, Task> act)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        try
        {
            foreach (string file in files)
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            await act(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double NumberBehind(string words, string[] lines)
    {
        string text = string.Join('\n', lines);
        int at = text.IndexOf(words, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{words}' is not in:\n{text}");
        return double.Parse(Number().Match(text[(at + words.Length)..]).Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"--project ([\w./-]+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
