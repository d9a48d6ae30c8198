namespace MlNetMlp.Core.Tests;

/// <summary>Each rule ends a training at the first epoch at which its formula, written down here again, says so of the same training without a rule.</summary>
public sealed class StoppingRuleTests
{
    private const int Epochs = 120;

    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(30)] };

    /// <summary>Few rows, a large rate: the validation loss falls, then rises.</summary>
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = Epochs,
        BatchSize = 8,
        LearningRate = 0.01f,
        NumberOfThreads = 1,
        EarlyStopping = new() { Patience = Epochs },
    };

    [Theory]
    [InlineData(2.0)]
    [InlineData(20.0)]
    public void Train_GeneralizationLoss_StopsAtThePercentage(double percent)
    {
        double[] losses = [.. Train(null).History.Select(report => report.ValidationLoss!.Value)];
        AssertStops(StoppingRule.GeneralizationLoss(percent), t => 100 * (losses[t - 1] / losses[..t].Min() - 1) > percent);
    }

    [Theory]
    [InlineData(0.05, 5)]
    [InlineData(1, 4)]
    public void Train_ProgressQuotient_StopsAfterAStrip(double quotient, int strip)
    {
        TrainingHistory history = Train(null).History;
        double[] losses = [.. history.Select(report => report.ValidationLoss!.Value)], training = [.. history.Select(report => report.TrainingLoss)];
        AssertStops(StoppingRule.ProgressQuotient(quotient, strip), t => t % strip == 0 && 100 * (losses[t - 1] / losses[..t].Min() - 1)
            / (1000 * (training[(t - strip)..t].Sum() / (strip * training[(t - strip)..t].Min()) - 1)) > quotient);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(2, 7)]
    public void Train_SuccessiveRises_StopsAfterThem(int rises, int strip)
    {
        double[] losses = [.. Train(null).History.Select(report => report.ValidationLoss!.Value)];
        AssertStops(StoppingRule.SuccessiveRises(rises, strip), t =>
        {
            int counted = 0;
            for (int end = strip * 2; end <= t; end += strip)
            {
                counted = losses[end - 1] > losses[end - strip - 1] ? counted + 1 : 0;
            }

            return t % strip == 0 && counted >= rises;
        });
    }

    /// <summary>From the weights of trainings of every length, which see the same rows in the same order at a constant rate.</summary>
    [Fact]
    public void Train_WeightChange_StopsWhenWeightsRest()
    {
        MlpTrainingOptions options = _options with { LearningRate = Schedule.Exponential(0.1f, 0.5f), Optimizer = new Sgd(), EarlyStopping = null };
        float[][] weights = [.. Enumerable.Range(1, 20).Select(epochs => Values(options with { NumberOfEpochs = epochs }))];
        double[] changes = [.. Enumerable.Range(1, 19).Select(i => weights[i].Zip(weights[i - 1], (after, before) => Math.Abs((double)after - before)).Sum())];
        double goal = changes[11] * 1.0001;
        Assert.True(changes[..11].Min() > goal);
        int stopped = MlpTrainer.Train(Task(options with
        {
            EarlyStopping = new() { Rule = StoppingRule.WeightChange(goal), Patience = Epochs },
        }) with
        { Validation = null }).History.Count;
        Assert.Equal(13, stopped);

        static float[] Values(MlpTrainingOptions own) => MlpTrainer.Train(Task(own) with { Validation = null }).Model.Values.ToArray();
    }

    [Fact]
    public void ToString_Rule_IsForPeople()
    {
        Assert.Equal("EarlyStopping { Rule = generalization loss above 5 % }", new EarlyStopping { Rule = StoppingRule.GeneralizationLoss(5) }.ToString());
        Assert.Equal("generalization loss above 0.5 times the progress of 5 epochs", StoppingRule.ProgressQuotient(0.5).ToString());
        Assert.Equal("3 rises in a row, 5 epochs apart", StoppingRule.SuccessiveRises(3).ToString());
        Assert.Equal("weights change by at most 0.25", StoppingRule.WeightChange(0.25).ToString());
    }

    private static void AssertStops(StoppingRule rule, Func<int, bool> stops)
    {
        int expected = Enumerable.Range(1, Epochs).First(stops);
        Assert.InRange(expected, 2, Epochs - 1);
        MlpTrainingResult result = Train(rule);
        Assert.Equal((expected, TrainingEnd.StoppedEarly), (result.History.Count, result.End));
    }

    private static MlpTrainingResult Train(StoppingRule? rule) =>
        MlpTrainer.Train(Task(_options with { EarlyStopping = new() { Rule = rule, Patience = Epochs } }));

    private static TrainingTask Task(MlpTrainingOptions options) => new(_architecture, _loss, SmallData.For(_loss, 30))
    {
        Validation = SmallData.For(_loss, 50, seed: 2),
        Options = options,
    };
}
