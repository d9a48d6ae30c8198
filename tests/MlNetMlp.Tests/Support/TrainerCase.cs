using Microsoft.ML;

namespace MlNetMlp.Tests.Support;

/// <summary>A trainer with data that it can learn. A new trainer is one line here and inherits every test that takes its cases from here.</summary>
public sealed record TrainerCase(string Name, RowsView Data, MlpTrainerOptions Options)
{
    public const int FeatureCount = 4;

    private static readonly TrainerCase[] _all =
    [
        new("binary", View(ViewColumn.Boolean("Label", row => ClassOf(row) == 0)), new MlpBinaryTrainer.Options()),
        new("multiclass", View(ViewColumn.Key("Label", 3, row => (uint)ClassOf(row) + 1, "ash", "birch", "cedar")), new MlpMulticlassTrainer.Options()),
        new("multiclass without names", View(ViewColumn.Key("Label", 3, row => (uint)ClassOf(row) + 1)), new MlpMulticlassTrainer.Options()),
        new(
            "multiclass, hinge",
            View(ViewColumn.Key("Label", 3, row => (uint)ClassOf(row) + 1, "ash", "birch", "cedar")),
            new MlpMulticlassTrainer.Options { Loss = new SquaredMulticlassHinge() }),
        new("regression, huber", View(ViewColumn.Number("Label", row => TargetOf(row, 0))),
            new MlpRegressionTrainer.Options { Loss = new HuberLoss { Delta = 2 } }),
        new("regression", View(ViewColumn.Number("Label", row => TargetOf(row, 0))), new MlpRegressionTrainer.Options()),
        new("multi-output regression", View(ViewColumn.Vector("Label", 2, row => [TargetOf(row, 0), TargetOf(row, 1)], "width", "height")),
            new MlpRegressionTrainer.Options()),
        new("multi-output regression without names", View(ViewColumn.Vector("Label", 2, row => [TargetOf(row, 0), TargetOf(row, 1)])),
            new MlpRegressionTrainer.Options()),
        new(
            "binary, Monte-Carlo dropout",
            View(ViewColumn.Boolean("Label", row => ClassOf(row) == 0)),
            new MlpBinaryTrainer.Options { InputDropout = 0.2f, MonteCarloDropout = new() { Passes = 5, Seed = 2 } }),
        new(
            "multiclass, snapshots with uncertainty",
            View(ViewColumn.Key("Label", 3, row => (uint)ClassOf(row) + 1, "ash", "birch", "cedar")),
            new MlpMulticlassTrainer.Options { Ensemble = Ensemble.Snapshots(3), MonteCarloDropout = new() { Passes = 3 } }),
        new(
            "multi-output regression, bagging with uncertainty",
            View(ViewColumn.Vector("Label", 2, row => [TargetOf(row, 0), TargetOf(row, 1)], "width", "height")),
            new MlpRegressionTrainer.Options { Ensemble = Ensemble.Bagging(2), MonteCarloDropout = new() }),
        new("binary, shared members", View(ViewColumn.Boolean("Label", row => ClassOf(row) == 0)),
            new MlpBinaryTrainer.Options { Ensemble = Ensemble.Shared(3) }),
        new(
            "multiclass, shared members with uncertainty",
            View(ViewColumn.Key("Label", 3, row => (uint)ClassOf(row) + 1, "ash", "birch", "cedar")),
            new MlpMulticlassTrainer.Options { Ensemble = Ensemble.Shared(2), InputDropout = 0.2f, MonteCarloDropout = new() { Passes = 3 } }),
        new(
            "multiclass, bags of shared members with uncertainty",
            View(ViewColumn.Key("Label", 3, row => (uint)ClassOf(row) + 1, "ash", "birch", "cedar")),
            new MlpMulticlassTrainer.Options { Ensemble = Ensemble.Bagging(2).Of(Ensemble.Shared(2)), MonteCarloDropout = new() { Passes = 3 } }),
        new("regression, seeds", View(ViewColumn.Number("Label", row => TargetOf(row, 0))), new MlpRegressionTrainer.Options { Ensemble = Ensemble.Seeds(2) }),
    ];

    /// <summary>All cases, by name, for <c>MemberData</c>.</summary>
    public static TheoryData<string> All => [.. _all.Select(c => c.Name)];

    /// <summary>One case of each task.</summary>
    public static TheoryData<string> Tasks => ["binary", "multiclass", "regression"];

    public bool HasClasses => Options is not MlpRegressionTrainer.Options;

    /// <summary>A case with a view of its own, which counts only the reads of the test that asked.</summary>
    public static TrainerCase Of(string name)
    {
        TrainerCase found = _all.Single(c => c.Name == name);
        return found with { Data = found.Data.Copy() };
    }

    public static ViewColumn[] ColumnsOf(string name) => _all.Single(c => c.Name == name).Data.Columns;

    /// <summary>A trainer with the case's options, small and quick, as changed by <paramref name="change"/>.</summary>
    public MlpTrainerBase Create(MLContext context, Func<MlpTrainerOptions, MlpTrainerOptions>? change = null)
    {
        MlpTrainerOptions options = Options with
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(8)],
            NumberOfEpochs = 3,
            BatchSize = 16,
            NumberOfThreads = 1,
            Seed = 5,
        };
        return (change?.Invoke(options) ?? options) switch
        {
            MlpBinaryTrainer.Options binary => context.BinaryClassification.Trainers.Mlp(binary),
            MlpMulticlassTrainer.Options multiclass => context.MulticlassClassification.Trainers.Mlp(multiclass),
            MlpRegressionTrainer.Options regression => context.Regression.Trainers.Mlp(regression),
            _ => throw new InvalidOperationException("No such options."),
        };
    }

    public MlpPredictionTransformer Fit(Func<MlpTrainerOptions, MlpTrainerOptions>? change = null) => Create(new MLContext(1), change).Fit(Data);

    /// <summary>The class of a row: clusters around three points.</summary>
    public static int ClassOf(int row) => row % 3;

    public static float[] FeaturesOf(int row)
    {
        var random = new Random(row);
        return [.. Enumerable.Range(0, FeatureCount).Select(i => (i == ClassOf(row) ? 3 : 0) + (float)random.NextDouble())];
    }

    public static float TargetOf(int row, int output) => 10 * FeaturesOf(row)[output] - 5 * FeaturesOf(row)[3] + 100;

    private static RowsView View(ViewColumn label) => new(
        90,
        label,
        ViewColumn.Vector("Features", FeatureCount, FeaturesOf),
        ViewColumn.Number("Weight", row => 1 + row % 2),
        ViewColumn.Text("Name", row => "row " + row),
        ViewColumn.Vector("Other", 3, row => [row, -row, 0.5f]));
}
