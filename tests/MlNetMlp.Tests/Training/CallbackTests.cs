using Microsoft.ML;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>Callbacks, limits of time and displays reach the training behind a trainer.</summary>
public sealed class CallbackTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void AfterEpoch_IsAskedByATrainer(string name)
    {
        MlpModel? second = null;
        MlpModelParameters model = TrainerCase.Of(name).Fit(options => options with
        {
            AfterEpoch = epoch =>
            {
                second = epoch.Report.Epoch == 2 ? epoch.Model : second;
                return epoch.Report.Epoch == 2 ? new() { StopsTraining = true, KeepsModel = true } : EpochDecision.Continue;
            },
        }).Model;
        Assert.Equal((TrainingEnd.StoppedByCallback, 2, 2), (model.Training!.End, model.Training.History.Count, model.Training.BestEpoch));
        Assert.Equal(SmallData.Saved(second!), SmallData.Saved(model.Network));
        Assert.Contains("Stopped by a callback after 2 epochs; the model is that of epoch 2.", model.Summary().Training);
    }

    [Fact]
    public void Time_ThatIsOver_IsSaid()
    {
        var exception = Assert.Throws<TimeoutException>(() =>
            TrainerCase.Of("binary").Fit(options => options with { MaximumTrainingTime = TimeSpan.FromTicks(1) }));
        Assert.Contains("MaximumTrainingTime", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Display_IsToldOfTheEnd()
    {
        using var text = new StringWriter();
        MlpTrainingResult result = TrainerCase.Of("multiclass").Fit(options => options with { Progress = TrainingProgress.To(text) }).Model.Training!;
        Assert.Equal([.. result.History.Select(report => report.ToString()), .. result.Sentences(), ""], text.ToString().Split(Environment.NewLine));
    }

    /// <summary>The model at the end of a search is trained as its trials were.</summary>
    [Fact]
    public void Search_AsksInTrialsAndForTheModel()
    {
        int asked = 0;
        TrainerCase trainer = TrainerCase.Of("binary");
        var space = new SearchSpace<MlpBinaryTrainer.Options>(new()
        {
            HiddenLayers = [new(2)],
            NumberOfEpochs = 5,
            Seed = 1,
            AfterEpoch = epoch =>
            {
                Interlocked.Increment(ref asked);
                return epoch.Report.Epoch == 2 ? EpochDecision.Stop : EpochDecision.Continue;
            },
        });
        SearchResult<MlpBinaryTrainer.Options> result = new MLContext(1).BinaryClassification.SearchMlp(
            trainer.Data, space, new RandomSearch(3), new HeldOut(0.3), BinaryMetric.Accuracy);
        Assert.All(result.Trials, trial => Assert.Equal(2, trial.Epochs));
        Assert.Equal(4 * 2, asked);
        Assert.Equal(TrainingEnd.StoppedByCallback, ((MlpPredictionTransformer)result.Model).Model.Training!.End);
    }
}
