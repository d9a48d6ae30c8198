using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// Data that nobody wishes for, and every trainer that can meet them: they are learned, with finite scores, or refused with an error that names the
/// place, before the first epoch. The table is <see cref="HostileCases"/>.
/// </summary>
public sealed class HostileDataTests
{
    public static TheoryData<string, string> Learned => Cases(found => found.Refusal is null);

    public static TheoryData<string, string> Refused => Cases(found => found.Refusal is not null);

    public static TheoryData<string, string> RefusedBySchema => Cases(found => found.IsInSchema && !found.IsValidation);

    [Theory]
    [MemberData(nameof(Learned))]
    public void Learned_HasFiniteScoresAndIsSaved(string task, string name)
    {
        (HostileCase found, TrainerCase trainer, MlpTrainerBase estimator, _) = Set(task, name);
        RowsView data = found.Spoil(task, trainer.Data);

        MlpPredictionTransformer transformer = found.IsValidation ? estimator.Fit(trainer.Data, data) : estimator.Fit(data);

        Assert.All(RowValues.Scores(transformer.Transform(data)), score => Assert.True(float.IsFinite(score), $"A score is {score}."));
        Assert.All(transformer.Model.Training!.History, report => Assert.True(double.IsFinite(report.TrainingLoss)
            && double.IsFinite(report.ValidationLoss ?? 0), report.ToString()));
        Assert.Equal(RowValues.ReadAll(transformer.Transform(data)), RowValues.ReadAll(ModelFiles.Load(ModelFiles.Save(transformer)).Transform(data)));
        Assert.Equal(0, data.OpenCursors);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refused_SaysWhereAndWhatBeforeTheFirstEpoch(string task, string name)
    {
        (HostileCase found, TrainerCase trainer, MlpTrainerBase estimator, List<EpochReport> reports) = Set(task, name);
        RowsView data = found.Spoil(task, trainer.Data);

        Exception error = Assert.Throws(found.Refusal!, () => found.IsValidation ? estimator.Fit(trainer.Data, data) : estimator.Fit(data));

        Assert.All(found.Message, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Empty(reports);
        Assert.Equal((0, 0), (data.OpenCursors, trainer.Data.OpenCursors));
        if (found.IsInSchema)
        {
            Assert.Empty(data.Requests);
            Assert.Empty(trainer.Data.Requests);
        }
    }

    [Theory]
    [MemberData(nameof(RefusedBySchema))]
    public void RefusedBySchema_IsRefusedByPromiseAndAsValidationSetAlike(string task, string name)
    {
        (HostileCase found, TrainerCase trainer, MlpTrainerBase estimator, _) = Set(task, name);
        RowsView data = found.Spoil(task, trainer.Data);

        string promised = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema))).Message;
        string validated = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(trainer.Data, data)).Message;

        Assert.All(found.Message, part => Assert.Contains(part, promised, StringComparison.Ordinal));
        Assert.All(found.Message, part => Assert.Contains(part, validated, StringComparison.Ordinal));
        Assert.Empty(data.Requests);
    }

    [Fact]
    public void KeyWithRoomForEveryNumber_IsRefusedByTraining()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        RowsView data = trainer.Data.With(ViewColumn.Of("Label", new KeyDataViewType(typeof(uint), uint.MaxValue), row => (uint)row + 1));

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Create(new MLContext(1)).Fit(data)).Message;

        Assert.Contains("4294967295", message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey(\"Label\")", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void ColumnNames_MayBeLongAndOdd(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        string features = new string('x', 10_000) + " 'ÄÖ' \n \"", label = " ", weight = "\u0000";
        RowsView data = new(90, [.. trainer.Data.Columns.Select(column => column with { Name = column.Name switch { "Features" => features,
            "Label" => label, _ => column.Name } }), ViewColumn.Number(weight, _ => 1)]);

        MlpPredictionTransformer transformer = trainer
            .Create(new MLContext(1), o => o with { FeatureColumnName = features, LabelColumnName = label, ExampleWeightColumnName = weight }).Fit(data);

        Assert.Equal(RowValues.ReadAll(transformer.Transform(data)), RowValues.ReadAll(ModelFiles.Load(ModelFiles.Save(transformer)).Transform(data)));
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
    [InlineData("multiclass")]
    [InlineData("regression")]
    [InlineData("multi-output regression")]
    public void MissingLabels_AreLeftOutAsIfTheyWereNotThere(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        RowsView half = trainer.Data.WithRows(180).With(task switch
        {
            "multiclass" => ViewColumn.Key("Label", 3, row => row >= 90 ? 0 : (uint)TrainerCase.ClassOf(row) + 1, "ash", "birch", "cedar"),
            "regression" => ViewColumn.Number("Label", row => row >= 90 ? float.NaN : TrainerCase.TargetOf(row, 0)),
            _ => ViewColumn.Vector("Label", 2, row => [TrainerCase.TargetOf(row, 0), row >= 90 ? float.NaN : TrainerCase.TargetOf(row, 1)], "width", "height"),
        });
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

    private static TheoryData<string, string> Cases(Func<HostileCase, bool> which)
    {
        var cases = new TheoryData<string, string>();
        foreach (HostileCase found in HostileCases.All.Where(which))
        {
            Array.ForEach(found.Tasks, task => cases.Add(task, found.Name));
        }

        return cases;
    }

    private static (HostileCase Case, TrainerCase Trainer, MlpTrainerBase Estimator, List<EpochReport> Reports) Set(string task, string name)
    {
        HostileCase found = HostileCases.All.Single(one => one.Name == name && one.Tasks.Contains(task));
        TrainerCase trainer = TrainerCase.Of(task);
        var reports = new List<EpochReport>();
        return (found, trainer, trainer.Create(new MLContext(1), o => found.Options(o) with { Progress = new Synchronous<EpochReport>(reports.Add) }), reports);
    }
}
