using System.Text.RegularExpressions;
using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// A message has one row number: that of the caller's data view, from 0, whatever was left out, set aside, weighted or drawn on the way to whoever
/// refuses the row.
/// </summary>
public sealed class RowNumberTests
{
    private const int Bad = 61;

    private static readonly MlpMulticlassTrainer.Options _options = new()
    {
        HiddenLayers = [new(2)],
        NumberOfEpochs = 2,
        NumberOfThreads = 1,
        Seed = 3,
        ExampleWeightColumnName = "Weight",
    };

    public static TheoryData<string> Ways => ["plain", "set aside", "class weights", "bagging", "augmented", "disk", "sparse", "validation"];

    /// <summary>Some rows in front of the refused one have no label or no weight, and are left out.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Fit_RefusedFeature_HasTheRowsNumberInTheDataView(string way)
    {
        RowsView good = View(_ => false), bad = View(row => row == Bad);
        MlpMulticlassTrainer.Options options = way switch
        {
            "set aside" => _options with { ValidationFraction = 0.5f },
            "class weights" => _options with { Loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }, ValidationFraction = 0.3f },
            "bagging" => _options with { Ensemble = Ensemble.Bagging(4) },
            "augmented" => _options with { Augmentation = Augmentation.Custom((features, _) => { }) },
            "disk" => _options with { RowStorage = RowStorage.Disk() },
            "sparse" => _options with { SparseFeatures = true },
            _ => _options,
        };
        MlpMulticlassTrainer trainer = new MLContext(1).MulticlassClassification.Trainers.Mlp(options);

        string message = Assert.Throws<InvalidOperationException>(() => way == "validation" ? trainer.Fit(good, bad) : trainer.Fit(bad)).Message;

        string data = way == "validation" ? "validation" : "training";
        Assert.StartsWith($"Row {Bad} (from 0) of the {data} data, column 'Features', slot 1 ('b') is -3.4028235E+38", message, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(message, "[Rr]ow [0-9]"));
    }

    [Fact]
    public void Transform_RefusedFeature_HasOneNumber()
    {
        MlpPredictionTransformer transformer = new MLContext(1).MulticlassClassification.Trainers.Mlp(_options).Fit(View(_ => false));

        Exception exception = Assert.ThrowsAny<InvalidOperationException>(() => RowValues.ReadAll(transformer.Transform(View(row => row == Bad)), "Score"));

        Assert.StartsWith($"Row {Bad} (from 0), column 'Features', slot 1 ('b') is -3.4028235E+38: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["Row 61"], Regex.Matches(exception.ToString(), "Row [0-9]+").Select(match => match.Value).Distinct());
        Assert.Equal(1, Regex.Count(exception.Message, "[Rr]ow [0-9]"));
    }

    [Fact]
    public void Fit_RefusedTarget_HasTheRowsNumberInTheDataView()
    {
        RowsView data = new(90, ViewColumn.Vector("Features", 4, TrainerCase.FeaturesOf), ViewColumn.Number("Weight", row => row % 9 == 0 ? 0 : 1),
            ViewColumn.Vector("Label", 2, row => row == Bad ? [0.5f, 0.1f] : [0.25f, 0.75f]));
        var trainer = new MLContext(1).Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            Loss = new KullbackLeiblerDivergence(),
            ExampleWeightColumnName = "Weight",
            NumberOfEpochs = 1,
        });

        string message = Assert.Throws<ArgumentException>(() => trainer.Fit(data)).Message;

        Assert.StartsWith($"Row {Bad} (from 0): the targets have the sum 0.6", message, StringComparison.Ordinal);
    }

    /// <summary>A feature at the other end of the range than that of all other rows, so that no standardization can represent it.</summary>
    private static RowsView View(Func<int, bool> isBad) => new(
        90,
        ViewColumn.Vector("Features", 4, row => [row % 3, isBad(row) ? -float.MaxValue : float.MaxValue, row, -row], "a", "b", "c", "d"),
        ViewColumn.Key("Label", 3, row => row % 7 == 0 && !isBad(row) ? 0u : (uint)(row % 3) + 1, "ash", "birch", "cedar"),
        ViewColumn.Number("Weight", row => row % 9 == 0 ? 0 : 1));
}
