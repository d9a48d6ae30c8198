namespace MlNetMlp.Core.Tests;

public class ContinuedTrainingTests
{
    private static readonly Loss _loss = new SquaredError();
    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(6) { Normalization = Normalization.Batch }, new(5) { Activation = Activation.Tanh }],
    };

    private static readonly MlpTrainingOptions _options = new()
    {
        Epochs = 10,
        BatchSize = 100,
        Optimizer = new Sgd(),
        LearningRate = 0.05f,
        Shuffle = false,
        Threads = 1,
    };

    [Fact]
    public void Train_FiveEpochsAndFiveMore_EqualsTenBitForBit()
    {
        InMemoryRows rows = SmallData.For(_loss, 40);
        MlpTrainingResult ten = MlpTrainer.Train(_architecture, _loss, rows, null, _options);
        MlpModel five = MlpTrainer.Train(_architecture, _loss, rows, null, _options with { Epochs = 5 }).Model;
        MlpTrainingResult more = MlpTrainer.Train(_architecture, _loss, rows, null, _options with { Epochs = 5 }, five);
        Assert.Equal(10, ten.BestEpoch);
        Assert.Equal(ten.History.Skip(5).Select(report => report.TrainingLoss), more.History.Select(report => report.TrainingLoss));
        Assert.Equal(SmallData.Saved(ten.Model), SmallData.Saved(more.Model));
    }

    [Fact]
    public void Train_ContinuedWithoutLearning_ScoresAsBefore()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        MlpTrainingOptions still = _options with { Epochs = 1, LearningRate = 1e-30f, BatchSize = 1 };
        MlpModel same = MlpTrainer.Train(_architecture, _loss, SmallData.For(_loss, 40), null, still, model).Model;
        float[] features = RandomModels.Features(model, 9);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(same, features)));
    }

    [Fact]
    public void Train_ContinuedOnOtherData_KeepsTheUnitsAndLeavesTheFirstModelAlone()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        byte[] before = SmallData.Saved(model);
        MlpModel continued = MlpTrainer.Train(_architecture, _loss, SmallData.For(_loss, 40, seed: 9), null, _options, model).Model;
        Assert.Equal(model.Standardizer.Offset, continued.Standardizer.Offset);
        Assert.Equal(model.Standardizer.Scale, continued.Standardizer.Scale);
        Assert.Equal(model.Standardizer.Replacement, continued.Standardizer.Replacement);
        Assert.Equal(model.Targets.Offset, continued.Targets.Offset);
        Assert.Equal(model.Targets.Scale, continued.Targets.Scale);
        Assert.False(model.Values.SequenceEqual(continued.Values));
        Assert.Equal(before, SmallData.Saved(model));
    }

    [Fact]
    public void Train_ContinuedWithOtherHandlingOfInvalidValues_FollowsTheOptions()
    {
        MlpModel model = RandomModels.Create(_architecture, _loss);
        MlpModel continued = MlpTrainer.Train(
            _architecture, _loss, SmallData.For(_loss, 40), null,
            _options with { MissingValues = InvalidValueHandling.Fail, InfiniteValues = InvalidValueHandling.Impute }, model).Model;
        Assert.Equal((InvalidValueHandling.Fail, InvalidValueHandling.Impute), (continued.Standardizer.MissingValues, continued.Standardizer.InfiniteValues));
    }

    [Fact]
    public void Train_OtherArchitectureOrLoss_SaysWhatBothAre()
    {
        MlpModel model = RandomModels.Create(new MlpArchitecture(4, 3) { HiddenLayers = [new(8)] }, _loss);
        var error = Assert.Throws<ArgumentException>("initialModel", () => MlpTrainer.Train(_architecture, _loss, SmallData.For(_loss, 40), null, _options, model));
        Assert.Contains("4-8-3 network with SquaredError", error.Message, StringComparison.Ordinal);
        Assert.Contains("4-6-5-3 with SquaredError", error.Message, StringComparison.Ordinal);

        var softmax = new SoftmaxCrossEntropy();
        error = Assert.Throws<ArgumentException>("initialModel", () => MlpTrainer.Train(model.Architecture, softmax, SmallData.For(softmax, 40), null, _options, model));
        Assert.Contains("4-8-3 with SoftmaxCrossEntropy", error.Message, StringComparison.Ordinal);
    }
}
