namespace MlNetMlp.Core.Tests;

public sealed class ModelCardTests
{
    private static readonly ModelSummary _summary = Untrained(new(4, 1) { HiddenLayers = [new(16)] }).Summary() with
    {
        Training = ["Trained on 72 rows."],
    };

    [Fact]
    public void Card_HasWhatIsKnown_AndNamesWhatIsNot()
    {
        var card = new ModelCard(_summary)
        {
            Name = "Income",
            Description = "Who earns more.",
            IntendedUse = "Statistics.",
            Metrics = new Dictionary<string, double> { ["AUC | test"] = 0.91234567, ["log-loss"] = 1e-7 },
        };
        string[] expected =
        [
            "# Income", "", "Who earns more.", "", "## Intended use", "", "Statistics.", "", "## Metrics", "", "| metric | value |", "| --- | --- |",
            "| AUC \\| test | 0.912346 |", "| log-loss | 1E-07 |", "", "## Evaluation data", "", "*Not stated.*", "",
            "## Training data", "", "*Not stated.*", "",
            "## Limitations", "", "*Not stated.*", "", "## Model", "", "4-16-1 with SquaredError: 97 learned numbers.", "",
            "| part | units | learned | numbers |", "| --- | --- | --- | --- |",
            "| Hidden1 | 16 Relu | 4 x 16, 16 | 80 |", "| Output | 1 | 16 x 1, 1 | 17 |", "",
            .. _summary.Features.Select(sentence => $"- {sentence}"), "- Trained on 72 rows.", "",
        ];
        Assert.Equal(expected, card.ToMarkdown().Split('\n'));
    }

    [Fact]
    public void Card_OfSeveralNetworks_CountsAll()
    {
        MlpModel one = Untrained(new(4, 1) { HiddenLayers = [new(16)] });
        Assert.Contains("194 learned numbers of 2 networks, of which the table shows one.",
            new ModelCard(MlpModel.Average([one, one]).Summary()).ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_WritesTheText()
    {
        using var folder = new TemporaryFolder();
        var card = new ModelCard(_summary);
        card.Save(folder.Path("MODEL_CARD.md"));
        Assert.Equal(card.ToMarkdown(), File.ReadAllText(folder.Path("MODEL_CARD.md")));
    }

    private static MlpModel Untrained(MlpArchitecture architecture) => RandomModels.Create(architecture, new SquaredError());
}
