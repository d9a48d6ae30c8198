using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>What a trained model says of itself, and what the log says while it is trained.</summary>
public sealed class SummaryTests
{
    [Fact]
    public void Summary_TellsWhatTheEffortChoseAndWhatWasSet()
    {
        MLContext context = new(1);
        var log = new List<string>();
        context.Log += (_, e) => log.Add(e.RawMessage);
        RowsView rows = TrainerCase.Of("regression").Data;
        MlpPredictionTransformer model = context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Seed = 3,
            NumberOfEpochs = 2,
            ValidationFraction = 0.2f,
        }).Fit(rows);

        IReadOnlyList<string> training = model.Summary().Training;

        Assert.StartsWith($"Trained by MlNetMlp ", training[0], StringComparison.Ordinal);
        Assert.EndsWith("on 72 rows, validated on 18, with the seed 3.", training[0], StringComparison.Ordinal);
        Assert.StartsWith("Effort Balanced for 90 dense rows chose ", training[1], StringComparison.Ordinal);
        Assert.Contains("HiddenLayers = [64, 64]", training[1], StringComparison.Ordinal);
        Assert.Contains("Ensemble = 8 shared members", training[1], StringComparison.Ordinal);
        Assert.DoesNotContain("NumberOfEpochs", training[1], StringComparison.Ordinal);
        Assert.Equal("Set, so that it was not chosen: NumberOfEpochs = 2.", training[2]);
        EpochReport best = model.Model.Training!.History.Best!;
        Assert.StartsWith("Completed after 2 epochs; the model is that of epoch", training[3], StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"validation loss {best.ValidationLoss:G5}"), training[4], StringComparison.Ordinal);
        Assert.All(training.Skip(1), line => Assert.Contains(line, log));
        Assert.All(model.Summary().Features, line => Assert.Contains(line, log));
    }

    /// <summary>A tenth of the rows is set aside by itself to choose them by; a loaded model still names them.</summary>
    [Fact]
    public void Summary_PrunedEnsemble_NamesTheMembersThatStay()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer fitted = trainer.Create(
            new MLContext(1), o => o with { Effort = Effort.Fast, Ensemble = Ensemble.Shared(5).PrunedTo(2) }).Fit(trainer.Data);

        MlpTrainingResult result = fitted.Model.Training!;
        string sentence = $"Pruned: of the shared members those with the numbers {string.Join(", ", result.KeptMembers)} are kept; their validation loss is " +
            FormattableString.Invariant($"{result.KeptMembersLoss:G5}.");
        Assert.Equal((2, 2), (result.KeptMembers.Count, fitted.Model.Network.Members.Count));
        Assert.Contains(", validated on ", fitted.Summary().Training[0], StringComparison.Ordinal);
        Assert.Contains(sentence, fitted.Summary().Training);
        Assert.Contains(sentence, ModelFiles.Load(ModelFiles.Save(fitted)).GetMlp().Summary().Training);
    }

    /// <summary>Also of a pipeline, and where it is saved and loaded once more.</summary>
    [Fact]
    public void Summary_AfterLoading_IsTheSame()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer fitted = trainer.Create(new MLContext(1), o => o with { Effort = Effort.Fast }).Fit(trainer.Data);

        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(ModelFiles.Load(ModelFiles.Save(fitted))));

        Assert.NotEmpty(fitted.Summary().Training);
        Assert.Equal($"{fitted.Summary()}", $"{loaded.GetMlp().Summary()}");
    }

    [Fact]
    public void Summary_PlainEffortOrNoTraining_HasNothingChosen()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer plain = trainer.Create(new MLContext(1), o => o with { Effort = Effort.Plain, NumberOfEpochs = 1 }).Fit(trainer.Data);
        MlpPredictionTransformer given = new MLContext(1).Regression.ApplyMlp(plain.Model.Network).Fit(trainer.Data);

        Assert.DoesNotContain(plain.Summary().Training, line => line.StartsWith("Effort", StringComparison.Ordinal));
        Assert.Empty(given.Summary().Training);
        Assert.Equal(plain.Summary().ParameterCount, given.Summary().ParameterCount);
    }
}
