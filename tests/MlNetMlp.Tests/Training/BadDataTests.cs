using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>Values that nothing can be learned from: a clear error before the first epoch, for every trainer that can meet them.</summary>
public sealed class BadDataTests
{
    private static readonly float[] _hole = [1, float.NaN, 2, 3];
    private static readonly float[] _infinite = [1, 2, float.NegativeInfinity, 3];

    public static TheoryData<string, string, string[]> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string[]>();
            foreach (string task in new[] { "binary", "multiclass", "regression", "multi-output regression" })
            {
                cases.Add(task, "no rows", ["training data has no rows"]);
                cases.Add(task, "negative weight", ["Row 7", "'Weight'", "-0.5", "at least 0"]);
                cases.Add(task, "missing weight", ["Row 7", "'Weight'", "NaN"]);
                cases.Add(task, "infinite weight", ["Row 7", "'Weight'", "Infinity"]);
                cases.Add(task, "no weight", ["All 90 rows", "weight 0", "'Weight'"]);
                cases.Add(task, "infinite feature", ["Row 7", "'Features'", "infinite", "slot 2 ('c')", "InfiniteValues"]);
                cases.Add(task, "missing feature, to fail", ["Row 7", "'Features'", "NaN", "slot 1 ('b')", "MissingValues"]);
                cases.Add(task, "short vector", ["Row 7", "'Features'", "3 slots", "promises 4"]);
            }

            foreach (string task in new[] { "multiclass", "regression", "multi-output regression" })
            {
                cases.Add(task, "no labels", ["All 90 rows", "'Label'"]);
                cases.Add(task, "missing label, to fail", ["Row 7", "'Label'", "no label", "MissingValues"]);
            }

            cases.Add("binary", "one class", ["All 90 training rows", "'true'", "two classes"]);
            cases.Add("multiclass", "one class", ["All 90 training rows", "'birch'", "two classes"]);
            cases.Add("multiclass", "key of one value", ["All 90 training rows", "'only'", "two classes"]);
            cases.Add("multiclass", "key beyond its type", ["Row 7", "'Label'", "key 4", "3 values"]);
            cases.Add("regression", "infinite label", ["Row 7", "'Label'", "infinite", "InfiniteValues"]);
            cases.Add("multi-output regression", "infinite label", ["Row 7", "'Label'", "infinite", "slot 1 ('height')"]);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BadData_IsRefusedBeforeTheFirstEpoch(string task, string what, string[] message)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        var reports = new List<EpochReport>();
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), options => options with
        {
            ExampleWeightColumnName = what.Contains("weight", StringComparison.Ordinal) ? "Weight" : null,
            MissingValues = what.Contains("to fail", StringComparison.Ordinal) ? InvalidValueHandling.Fail : InvalidValueHandling.Impute,
            Progress = new Synchronous<EpochReport>(reports.Add),
        });
        RowsView data = Spoil(trainer.Data, task, what);

        string text = Assert.Throws<InvalidOperationException>(() => estimator.Fit(data)).Message;

        Assert.All(message, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Empty(reports);
        Assert.Equal(0, data.OpenCursors);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void BadValidationData_IsCalledByItsName(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);

        Assert.Contains("validation data has no rows",
            Assert.Throws<InvalidOperationException>(() => trainer.Create(new MLContext(1)).Fit(trainer.Data, trainer.Data.WithRows(0))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Divergence_SaysWhenAndWhatToTry(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), o => o with { Optimizer = new Sgd(), LearningRate = 1e30f, NumberOfEpochs = 50 });

        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => estimator.Fit(trainer.Data));

        Assert.InRange(exception.Epoch, 1, 50);
        Assert.Contains("smaller learning rate", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void MissingAndInfiniteFeatures_ToBeImputed_AreLearnedAndScored(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        RowsView data = trainer.Data.With(ViewColumn.Vector("Features", 4, row => row % 10 == 1 ? _hole : row % 10 == 2 ? _infinite : TrainerCase.FeaturesOf(row)));

        MlpPredictionTransformer transformer = trainer.Create(new MLContext(1), o => o with { InfiniteValues = InvalidValueHandling.Impute }).Fit(data);

        Assert.Equal(90, RowValues.ReadAll(ModelFiles.Load(ModelFiles.Save(transformer)).Transform(data)).Count);
    }

    [Theory]
    [InlineData("multiclass")]
    [InlineData("regression")]
    [InlineData("multi-output regression")]
    public void MissingLabels_AreLeftOutAsIfTheyWereNotThere(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        RowsView half = Spoil(trainer.Data.WithRows(180), task, "no labels from row 90");
        var context = new MLContext(1);
        var log = new List<string>();
        context.Log += (_, e) => log.Add(e.RawMessage);

        MlpPredictionTransformer transformer = trainer.Create(context).Fit(half);

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit())), ModelFiles.Network(ModelFiles.Save(transformer)));
        Assert.Contains(log, line => line.Contains("Left out 90 of 180 training rows: their label is missing.", StringComparison.Ordinal));
    }

    [Fact]
    public void InfiniteLabel_ToBeImputed_IsLeftOut()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        RowsView data = trainer.Data.WithRows(91).With(ViewColumn.Number("Label", row => row == 90 ? float.PositiveInfinity : TrainerCase.TargetOf(row, 0)));

        static MlpTrainerOptions Imputing(MlpTrainerOptions options) => options with { InfiniteValues = InvalidValueHandling.Impute };

        MlpPredictionTransformer transformer = trainer.Create(new MLContext(1), Imputing).Fit(data);

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit(Imputing))), ModelFiles.Network(ModelFiles.Save(transformer)));
    }

    private static RowsView Spoil(RowsView view, string task, string what)
    {
        return what switch
        {
            "no rows" => view.WithRows(0),
            "negative weight" => Weights(-0.5f),
            "missing weight" => Weights(float.NaN),
            "infinite weight" => Weights(float.PositiveInfinity),
            "no weight" => view.With(ViewColumn.Number("Weight", _ => 0)),
            "infinite feature" => Features(_infinite),
            "missing feature, to fail" => Features(_hole),
            "short vector" => Features([1, 2, 3]),
            "no labels" => Labels(_ => true),
            "no labels from row 90" => Labels(row => row >= 90),
            "missing label, to fail" => Labels(row => row == 7),
            "one class" when task == "binary" => view.With(ViewColumn.Boolean("Label", _ => true)),
            "one class" => view.With(ViewColumn.Key("Label", 3, _ => 2, "ash", "birch", "cedar")),
            "key of one value" => view.With(ViewColumn.Key("Label", 1, _ => 1, "only")),
            "key beyond its type" => view.With(ViewColumn.Key("Label", 3, row => row == 7 ? 4u : 1u)),
            "infinite label" when task == "regression" => view.With(ViewColumn.Number("Label", row => row == 7 ? float.PositiveInfinity : row)),
            "infinite label" => view.With(ViewColumn.Vector("Label", 2, row => [row, row == 7 ? float.PositiveInfinity : row], "width", "height")),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such case."),
        };

        RowsView Weights(float value) => view.With(ViewColumn.Number("Weight", row => row == 7 ? value : 1));

        RowsView Features(float[] value) =>
            view.With(ViewColumn.Vector("Features", 4, row => row == 7 ? value : TrainerCase.FeaturesOf(row), "a", "b", "c", "d"));

        RowsView Labels(Func<int, bool> isMissing) => view.With(task switch
        {
            "multiclass" => ViewColumn.Key("Label", 3, row => isMissing(row) ? 0 : (uint)TrainerCase.ClassOf(row) + 1, "ash", "birch", "cedar"),
            "regression" => ViewColumn.Number("Label", row => isMissing(row) ? float.NaN : TrainerCase.TargetOf(row, 0)),
            _ => ViewColumn.Vector("Label", 2, row => [TrainerCase.TargetOf(row, 0), isMissing(row) ? float.NaN : TrainerCase.TargetOf(row, 1)], "width", "height"),
        });
    }
}
