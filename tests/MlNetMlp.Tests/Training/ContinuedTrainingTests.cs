using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

public sealed class ContinuedTrainingTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Continuing_StartsWhereTheModelIs(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        static MlpTrainerOptions Patient(MlpTrainerOptions options) => options with { NumberOfEpochs = 20, LearningRate = 0.01f };
        MlpPredictionTransformer first = trainer.Fit(Patient);

        MlpPredictionTransformer second = trainer.Create(new MLContext(1), Patient).Fit(trainer.Data, first.Model);

        Assert.True(second.Model.Training!.History[0].TrainingLoss < first.Model.Training!.History[5].TrainingLoss);
        Assert.True(second.Model.Training.History[^1].TrainingLoss < first.Model.Training.History[^1].TrainingLoss);
    }

    [Fact]
    public void Continuing_FromALoadedModel_IsContinuingFromTheModel()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpPredictionTransformer first = trainer.Fit();
        var loaded = (MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(first));

        byte[] fromFirst = ModelFiles.Network(ModelFiles.Save(trainer.Create(new MLContext(1)).Fit(trainer.Data, first.Model)));
        byte[] fromLoaded = ModelFiles.Network(ModelFiles.Save(trainer.Create(new MLContext(1)).Fit(trainer.Data, loaded.Model)));

        Assert.Equal(fromFirst, fromLoaded);
    }

    [Fact]
    public void Continuing_WithNothingGained_ReturnsTheModelAndSaysSo()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer first = trainer.Fit(o => o with { NumberOfEpochs = 60, LearningRate = 0.01f });
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);

        MlpPredictionTransformer second = trainer.Create(context, o => o with { Optimizer = new Adam(), LearningRate = 1 }).Fit(trainer.Data,
            trainer.Data.Copy(), first.Model);

        Assert.True(second.Model.Training!.IsInitialModel);
        Assert.Equal(ModelFiles.Network(ModelFiles.Save(first)), ModelFiles.Network(ModelFiles.Save(second)));
        Assert.Contains("Completed after 3 epochs; none was better than the model to continue from, so it stays as it was.", lines);
    }

    [Fact]
    public void Continuing_OnRowsOfOneClass_IsAllowed()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpPredictionTransformer first = trainer.Fit();

        MlpPredictionTransformer second = trainer.Create(new MLContext(1)).Fit(trainer.Data.With(ViewColumn.Boolean("Label", _ => true)), first.Model);

        Assert.NotEqual(ModelFiles.Network(ModelFiles.Save(first)), ModelFiles.Network(ModelFiles.Save(second)));
    }

    [Fact]
    public void Continuing_LeavesTheModelAsItWas()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer first = trainer.Fit();
        byte[] before = ModelFiles.Network(ModelFiles.Save(first));

        trainer.Create(new MLContext(1)).Fit(trainer.Data, trainer.Data.Copy(), first.Model);

        Assert.Equal(before, ModelFiles.Network(ModelFiles.Save(first)));
    }

    [Theory]
    [InlineData("binary", "is for multiclass classification; this trainer is for binary classification")]
    [InlineData("multiclass without names", null)]
    [InlineData("regression", "is for multiclass classification; this trainer is for regression")]
    public void Continuing_FromAModelOfAnotherTask_IsRefused(string name, string? message)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpModelParameters multiclass = TrainerCase.Of("multiclass").Fit().Model;

        if (message is null)
        {
            Assert.NotNull(trainer.Create(new MLContext(1)).Fit(trainer.Data, multiclass));
        }
        else
        {
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => trainer.Create(new MLContext(1)).Fit(trainer.Data, multiclass)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Continuing_WithOtherColumnsOrLayers_IsRefused()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpModelParameters model = trainer.Fit().Model;

        void Refused(RowsView data, string message, Func<MlpTrainerOptions, MlpTrainerOptions>? change = null) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => trainer.Create(new MLContext(1), change).Fit(data, model)).Message, StringComparison.Ordinal);

        Refused(trainer.Data.With(ViewColumn.Vector("Features", 3, _ => [1, 2, 3])), "has 4 features; the column 'Features' has 3");
        Refused(trainer.Data.With(ViewColumn.Key("Label", 4, _ => 1)), "has 3 outputs; the label column 'Label' needs 4");
        Refused(trainer.Data.With(ViewColumn.Key("Label", 3, _ => 1, "birch", "ash", "cedar")), "other classes");
        Refused(trainer.Data, "Units of hidden layer 1 is 8 in it, and 9 in the options", o => o with { HiddenLayers = [new(9)] });
    }

    /// <summary>By the name that the argument has in the API, and before hours may go into reading.</summary>
    [Fact]
    public void Continuing_WithWhatDoesNotFitTheModel_IsRefusedBeforeTheRowsAreRead()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpModelParameters model = trainer.Fit().Model;

        void Refused(string message, Func<MlpTrainerOptions, MlpTrainerOptions> change)
        {
            RowsView data = trainer.Data.Copy();
            ArgumentException error = Assert.Throws<ArgumentException>(() => trainer.Create(new MLContext(1), change).Fit(data, model));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Equal("modelParameters", error.ParamName);
            Assert.Empty(data.Requests);
        }

        Refused("Units of hidden layer 1", o => o with { HiddenLayers = [new(9)] });
        Refused("FeatureScaling is None", o => o with { FeatureScaling = FeatureScaling.None });
        Refused("continues from a model of 1 networks", o => o with { Ensemble = Ensemble.Bagging(2) });
    }
}
