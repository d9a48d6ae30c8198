using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>What cannot be sent to silos is refused before rows are read, by its name.</summary>
public sealed class RefusedOptionsTests
{
    [Theory]
    [InlineData("Augmentation.Change")]
    [InlineData("Checkpoint")]
    [InlineData("RowStorage.Folder")]
    [InlineData("Metric.Function")]
    [InlineData("TransferFrom")]
    [InlineData("HiddenLayers[0].Activation.Derivative")]
    [InlineData("Loss.Function")]
    [InlineData("LearningRate.Function")]
    [InlineData("Optimizer.Function")]
    [InlineData("EarlyStopping.Rule.Function")]
    public void Option_OfThisProgram(string name)
    {
        var options = new MlpBinaryTrainer.Options();
        options = name switch
        {
            "Checkpoint" => options with { Checkpoint = new TrainingCheckpoint("run.checkpoint") },
            "RowStorage.Folder" => options with { RowStorage = RowStorage.Disk("/data") },
            "Metric.Function" => options with { Metric = new EpochMetric("mine", true, _ => 1) },
            "TransferFrom" => options with { TransferFrom = RandomModels.Named("linear, softmax") },
            "HiddenLayers[0].Activation.Derivative" => options with { HiddenLayers = [new(3) { Activation = CustomParts.Softsign }] },
            "Loss.Function" => options with { Loss = CustomParts.Exponential },
            "LearningRate.Function" => options with { LearningRate = Schedule.Custom("mine", 1, (_, _) => 1) },
            "Optimizer.Function" => options with { Optimizer = CustomParts.Descent },
            "EarlyStopping.Rule.Function" => options with { EarlyStopping = new() { Rule = StoppingRule.Custom("mine", _ => true) } },
            _ => options with { Augmentation = Augmentation.Custom((_, _) => { }) },
        };

        string message = Refused(new SearchSpace<MlpBinaryTrainer.Options>(options), BinaryMetric.Accuracy);

        Assert.Contains($"The option {name} is ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metric_OfThisProgram() =>
        Assert.Contains("'recall'", Refused(SmallSearch.Space(), new("recall", SearchGoal.Maximize, m => m.PositiveRecall)), StringComparison.Ordinal);

    [Fact]
    public void Metric_OfAllRows_OfOneTraining()
    {
        var options = new MlpRegressionTrainer.Options { Metric = new("mine", true, _ => 1), Cluster = Silos.Unconnected, Shards = 2 };

        string message = Assert.Throws<ArgumentException>(() => SmallSearch.Context.Regression.Trainers.Mlp(options)).Message;

        Assert.Contains("Metric is mine, a function of all rows at once", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Column_OfAnotherType()
    {
        using OrleansRunner runner = OrleansRunner.Local();
        var space = SmallSearch.Space().Choice("weights", [null, "Color"], (o, name) => o with { ExampleWeightColumnName = name });

        string message = Assert.Throws<NotSupportedException>(() => SmallSearch.Run(runner, space)).Message;

        Assert.Contains("'Color'", message, StringComparison.Ordinal);
    }

    private static string Refused(SearchSpace<MlpBinaryTrainer.Options> space, SearchMetric<CalibratedBinaryClassificationMetrics> metric)
    {
        var unread = new UnreadRows();
        return Assert.Throws<NotSupportedException>(() => SmallSearch.Context.BinaryClassification.SearchMlp(
            unread, space, new RandomSearch(2), new HeldOut(), metric, new SearchOptions { Runner = Silos.Unconnected })).Message;
    }

    /// <summary>Rows that must not be asked for anything.</summary>
    private sealed class UnreadRows : IDataView
    {
        public bool CanShuffle => throw new InvalidOperationException();

        public DataViewSchema Schema => throw new InvalidOperationException();

        public long? GetRowCount() => throw new InvalidOperationException();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            throw new InvalidOperationException();

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            throw new InvalidOperationException();
    }
}
