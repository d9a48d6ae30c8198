namespace MlNetMlp.Interactive.Tests;

/// <summary>What people see in a notebook.</summary>
public sealed class NotebookTests
{
    private const string Training = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using MlNetMlp;
        using MlNetMlp.Interactive;

        public class Point { public float X { get; set; } public float Y { get; set; } public bool Label { get; set; } }

        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i => new Point { X = i % 10, Y = i % 7, Label = i % 10 > i % 7 }));
        var data = mlContext.Transforms.Concatenate("Features", "X", "Y").Fit(rows).Transform(rows);
        var trainer = mlContext.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
        {
            HiddenLayers = [new(4)], NumberOfEpochs = 4, Effort = Effort.Plain, Progress = NotebookProgress.Live(TimeSpan.Zero),
        });
        """;

    [Fact]
    public async Task SampleNotebook_FromTopToBottom_ShowsCurvesModelAndConfusion()
    {
        string folder = FolderOfSample();
        Environment.CurrentDirectory = folder;
        using var notebook = new Notebook();
        await notebook.LoadPackageAsync();
        List<string[]> shown = [];
        foreach (string code in Notebook.CodeOf(Path.Combine(folder, "Digits.ipynb")))
        {
            shown.Add(await notebook.RunAsync(code));
        }

        string[] all = [.. shown.SelectMany(outputs => outputs)];
        Assert.Contains(all, output => output.Contains("3823 digits", StringComparison.Ordinal));

        // The training: its curves while it runs, then the table of layers.
        string[] training = shown[2];
        Assert.True(training.Count(IsCurves) >= 2, $"{training.Count(IsCurves)} pictures of curves");
        Assert.Contains(training, output => output.Contains("<table>", StringComparison.Ordinal) && output.Contains("parameters", StringComparison.Ordinal));
        Assert.Single(shown[3], IsCurves);
        Assert.Contains(shown[4], output => output.StartsWith("Accuracy 0.9", StringComparison.Ordinal));
        Assert.Contains(shown[4], output => output.StartsWith("<svg", StringComparison.Ordinal) && !IsCurves(output));
        Assert.InRange(shown[5].Count(output => output.Contains("taken for a", StringComparison.Ordinal)), 1, 5);
    }

    [Fact]
    public async Task Training_WithLiveCurves_DrawsThemForEveryEpochInOneOutput()
    {
        using var notebook = new Notebook();
        await notebook.LoadPackageAsync();
        await notebook.RunAsync(Training);

        string[] shown = await notebook.RunAsync("var fitted = trainer.Fit(data);");

        // Four epochs, and once more at the end.
        Assert.Equal(5, shown.Length);
        Assert.All(shown, output => Assert.True(IsCurves(output)));
        Assert.Equal(shown[3], shown[4]);
        Assert.NotEqual(shown[0], shown[3]);
    }

    [Theory]
    [InlineData("trainer.Fit(data)", "<svg", "<table", "Output", "epoch")]
    [InlineData("trainer.Fit(data).Model", "<svg", "<table", "Output")]
    [InlineData("trainer.Fit(data).Model.Network", "<table", "Hidden", "parameters")]
    [InlineData("trainer.Fit(data).Model.Training", "<svg", "<table")]
    [InlineData("trainer.Fit(data).Summary()", "<table", "Output")]
    [InlineData("trainer.Fit(data).Model.Training.History", "<svg", "Learning curves")]
    [InlineData("trainer.Diagnose(data)", "<table", "<svg", "SmallSet")]
    [InlineData("trainer.FindLearningRate(data)", "<svg", "Learning rate")]
    [InlineData("mlContext.BinaryClassification.Evaluate(trainer.Fit(data).Transform(data)).ConfusionMatrix", "<svg", "Confusion")]
    [InlineData("""
        mlContext.BinaryClassification.SearchMlp(data,
            new SearchSpace<MlpBinaryTrainer.Options>(new MlpBinaryTrainer.Options { NumberOfEpochs = 2, Effort = Effort.Plain, HiddenLayers = [new(2)] })
                .Number("rate <b>", 0.001f, 0.1f, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = Schedule.Constant(rate) }),
            new RandomSearch(3), new HeldOut(0.3f))
        """, "<svg", "<table", "<th>trial</th><th>rate &lt;b&gt;</th><th>log-loss</th><th>epochs</th><th>seconds</th></tr>", "The best: Trial")]
    public async Task Cell_ThatEndsWithAValue_ShowsItAsHtml(string code, params string[] expected)
    {
        using var notebook = new Notebook();
        await notebook.LoadPackageAsync();
        await notebook.RunAsync("using MlNetMlp.Diagnostics;\nusing MlNetMlp.Search;\n" + Training);

        string html = (await notebook.RunAsync(code))[^1];

        Assert.All(expected, text => Assert.Contains(text, html, StringComparison.Ordinal));
        Assert.DoesNotContain("rate <b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_OutsideOfANotebook_WritesLines()
    {
        TextWriter before = Console.Out;
        using var lines = new StringWriter();
        Console.SetOut(lines);
        try
        {
            NotebookProgress.Live().Report(new EpochReport
            {
                Epoch = 1,
                NumberOfEpochs = 2,
                TrainingLoss = 0.5,
                LearningRate = 0.1f,
                GradientNorm = 1,
                Elapsed = TimeSpan.FromSeconds(1),
            });
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.StartsWith("Epoch 1/2", lines.ToString(), StringComparison.Ordinal);
    }

    private static bool IsCurves(string html) =>
        html.StartsWith("<svg", StringComparison.Ordinal) && html.Contains("Learning curves", StringComparison.Ordinal);

    private static string FolderOfSample()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "samples", "Notebook")))
            {
                return Path.Combine(folder.FullName, "samples", "Notebook");
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has samples/Notebook.");
    }
}
