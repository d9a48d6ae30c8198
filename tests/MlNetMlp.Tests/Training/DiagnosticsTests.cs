using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetMlp.Diagnostics;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// <see cref="MlpTrainerBase.Diagnose"/> and <see cref="MlpTrainerBase.CheckGradients"/>: what they examine is tested with the core, here
/// is how they get at it.
/// </summary>
public sealed class DiagnosticsTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Diagnose_SoundTrainer_WarnsOfNothing(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);

        DiagnosisReport report = trainer.Create(new MLContext(1), o => o with { HiddenLayers = [new(32)], NumberOfEpochs = 20, LearningRate = 0.01f })
            .Diagnose(trainer.Data);

        Assert.True(report.Severity < DiagnosisSeverity.Warning, report.ToString());
        Assert.Equal((90, 72), (report.RowCount, report.SampledRowCount));
        Assert.Equal(["Features", "Label"], Assert.Single(trainer.Data.Requests).Order());
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void FindLearningRate_OfAnyTrainer_SuggestsOne(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);

        LearningRateCurve curve = trainer.Create(context).FindLearningRate(trainer.Data);

        Assert.InRange(curve.SuggestedRate!.Value, 1e-4f, 1);
        Assert.Contains($"Learning rate: {curve}.", lines);
        Assert.Equal(["Features", "Label"], Assert.Single(trainer.Data.Requests).Order());
        Assert.Equal(curve.ToCsv(), trainer.Create(new MLContext(2)).FindLearningRate(trainer.Data).ToCsv());
    }

    [Fact]
    public void Diagnose_Findings_NameSlotsAndClasses()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        RowsView data = trainer.Data.With(
            ViewColumn.Key("Label", 3, row => row == 7 ? 2u : 1u, "ash", "birch", "cedar"),
            ViewColumn.Vector("Features", 4, row => [row % 7, row % 5, 3, row % 11], "age", "height", "legs", "weight"));

        DiagnosisReport report = trainer.Create(new MLContext(1)).Diagnose(data);

        Assert.Contains("slot 2 ('legs')", report.Find(DiagnosisCheck.ConstantFeatures)!.Measured, StringComparison.Ordinal);
        DiagnosisFinding balance = report.Find(DiagnosisCheck.ClassBalance)!;
        Assert.Equal("98.9 % of the rows are of 'ash', 1.11 % of 'birch', and 1 classes have none.", balance.Measured);
        Assert.Contains("ClassWeights.Balanced", balance.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_OneClassOnly_IsAFindingAndNoException()
    {
        TrainerCase trainer = TrainerCase.Of("binary");

        DiagnosisReport report = trainer.Create(new MLContext(1)).Diagnose(trainer.Data.With(ViewColumn.Boolean("Label", _ => true)));

        Assert.Equal("All rows are of one class, 'true'.", report.Find(DiagnosisCheck.Labels)!.Measured);
        Assert.Equal(DiagnosisSeverity.Warning, report.Severity);
    }

    [Fact]
    public void Diagnose_Warnings_AreInTheLog()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        var context = new MLContext(1);
        var lines = new List<LoggingEventArgs>();
        context.Log += (_, e) => lines.Add(e);

        DiagnosisReport report = trainer.Create(context, o => o with { LearningRate = 1e-9f }).Diagnose(trainer.Data);

        string[] warnings = [.. lines.Where(line => line.Kind == ChannelMessageKind.Warning).Select(line => line.RawMessage.Split(':')[0])];
        Assert.Equal(report.Findings.Where(finding => finding.Severity == DiagnosisSeverity.Warning).Select(finding => finding.Check.ToString()), warnings);
        Assert.True(warnings.Contains(nameof(DiagnosisCheck.LearningRate)), report.ToString());
    }

    [Fact]
    public void Diagnose_ValidationDataAndWeights_AreRead()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        RowsView strange = TrainerCase.Of("multiclass").Data.With(ViewColumn.Key("Label", 3, row => (uint)((row + 1) % 3) + 1, "ash", "birch", "cedar"));
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), o => o with
        {
            ExampleWeightColumnName = "Weight",
            NumberOfEpochs = 20,
            LearningRate = 0.01f
        });

        Assert.Equal(DiagnosisSeverity.Ok, estimator.Diagnose(trainer.Data, trainer.Data.Copy()).Find(DiagnosisCheck.Generalization)!.Severity);
        Assert.Equal(DiagnosisSeverity.Warning, estimator.Diagnose(trainer.Data, strange).Find(DiagnosisCheck.Generalization)!.Severity);
        Assert.Equal(["Features", "Label", "Weight"], strange.Requests[0].Order());
        Assert.Throws<ArgumentOutOfRangeException>("validationData", () => estimator.Diagnose(trainer.Data, trainer.Data.Without("Features")));
        Assert.Throws<ArgumentOutOfRangeException>("trainData", () => estimator.Diagnose(trainer.Data.Without("Label")));
    }

    [Fact]
    public void Examinations_LeaveLaterTrainingsAsTheyAre()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpTrainerBase plain = trainer.Create(new MLContext(3), o => o with { Seed = null }), examined = trainer.Create(new MLContext(3),
            o => o with { Seed = null });
        examined.Diagnose(trainer.Data);
        examined.CheckGradients(trainer.Data);

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(plain.Fit(trainer.Data))), ModelFiles.Network(ModelFiles.Save(examined.Fit(trainer.Data))));
    }

    [Fact]
    public void Examinations_Cancelled_Throw()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), o => o with { CancellationToken = new CancellationToken(canceled: true) });

        Assert.ThrowsAny<OperationCanceledException>(() => estimator.Diagnose(trainer.Data));
        Assert.ThrowsAny<OperationCanceledException>(() => estimator.CheckGradients(trainer.Data));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void CheckGradients_EveryTask_Passes(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), o => o with
        {
            L2Regularization = 0.01f,
            HiddenLayers = [new(8) { Dropout = 0.3f, Normalization = Normalization.Batch }, new(8) { Residual = true, Activation = Activation.Gelu }],
        });

        GradientCheckReport fresh = estimator.CheckGradients(trainer.Data), trained = estimator.CheckGradients(trainer.Data,
            new() { ElementsPerParameter = 5 }, estimator.Fit(trainer.Data).Model);

        Assert.True(fresh.Verdict == GradientCheckVerdict.Passed, fresh.ToString());
        Assert.True(trained.Verdict != GradientCheckVerdict.Failed, trained.ToString());
        Assert.NotEqual(fresh.Objective, trained.Objective);
        Assert.All(trained.Parameters, parameter => Assert.InRange(parameter.Compared + parameter.Kinks, 1, 5));
    }

    [Fact]
    public void CheckGradients_ModelOfAnotherTask_IsRefused()
    {
        TrainerCase trainer = TrainerCase.Of("regression"), other = TrainerCase.Of("binary");

        Assert.Throws<ArgumentException>("modelParameters", () => trainer.Create(new MLContext(1)).CheckGradients(trainer.Data, null, other.Fit().Model));
    }
}
