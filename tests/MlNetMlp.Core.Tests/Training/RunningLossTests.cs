namespace MlNetMlp.Core.Tests;

public class RunningLossTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    /// <summary>Four mini-batches an epoch: 16, 16, 16 and 2 rows.</summary>
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 5, BatchSize = 16, LearningRate = 0.02f, NumberOfThreads = 1 };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(20)]
    public void Mean_AfterAnyNumberOfBatches_IsThatOfTheRowsOfTheLast(int batches)
    {
        var random = new Random(1);
        var running = new RunningLoss(batches);
        var seen = new List<(double Sum, int Rows)>();
        Assert.True(double.IsNaN(running.Mean));
        for (int i = 0; i < 20; i++)
        {
            seen.Add((random.NextDouble() * 10, random.Next(1, 9)));
            running.Add(seen[^1].Sum, seen[^1].Rows);
            (double Sum, int Rows)[] last = [.. seen.TakeLast(batches)];
            Assert.Equal(last.Sum(batch => batch.Sum) / last.Sum(batch => batch.Rows), running.Mean, 1e-12);
        }
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(8, 2)]
    [InlineData(12, 3)]
    [InlineData(100, 5)]
    [InlineData(int.MaxValue, 5)]
    public void Train_WholeEpochs_IsTheMeanOfTheirTrainingLosses(int batches, int epochs)
    {
        TrainingHistory history = Train(_options with { RunningLossBatches = batches }, 50);
        for (int i = 0; i < history.Count; i++)
        {
            Assert.Equal(history.Take(i + 1).TakeLast(epochs).Average(report => report.TrainingLoss), history[i].RunningLoss, 1e-12);
        }
    }

    [Fact]
    public void Train_OneBatch_IsTheLossOfTheLast()
    {
        // A network that stands still, with rows in their order: the last mini-batch has the rows 48 and 49.
        MlpTrainingOptions options = _options with { Optimizer = new Sgd(), LearningRate = 1e-30f, Shuffle = false, RunningLossBatches = 1 };
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, 3), _loss, SmallData.For(_loss, 50)) { Options = options });
        double expected = Enumerable.Range(48, 2).Average(i =>
        {
            (float[] x, float[] y) = SmallData.Row(_loss, i);
            return -Math.Log(RandomModels.Scores(result.Model, x)[(int)y[0]]);
        });
        Assert.All(result.History, report => Assert.Equal(expected, report.RunningLoss, 1e-6));
        Assert.NotEqual(result.History[0].TrainingLoss, expected, 1e-2);
    }

    [Fact]
    public void Train_AnyNumber_LearnsTheSame() => Assert.Equal(
        Train(_options, 50).Select(report => report.TrainingLoss), Train(_options with { RunningLossBatches = 2 }, 50).Select(report => report.TrainingLoss));

    [Fact]
    public void RunningLossBatches_BelowOne_IsRefused() => Assert.Contains(
        "RunningLossBatches must be greater than 0, but it is 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => _options with { RunningLossBatches = 0 }).Message, StringComparison.Ordinal);

    [Fact]
    public void Train_Penalties_AreReportedWithTheWeightsOfTheEpoch()
    {
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, 3), _loss, SmallData.For(_loss, 50))
        {
            Options = _options with { L1Regularization = 0.01f, L2Regularization = 0.1f },
        });
        ParameterVector parameters = result.Model.RestoreParameters();
        float[] weights = parameters.Value(parameters.Layout.Parameters[0]).ToArray();
        EpochReport last = result.History[^1];
        Assert.Equal(weights.Sum(w => (0.01 * Math.Abs(w)) + (0.05 * w * (double)w)), last.Penalty, 1e-6);
        Assert.Equal(last.TrainingLoss + last.Penalty, last.MonitoredLoss);
        Assert.Equal(0, Train(_options, 50)[0].Penalty);
        Assert.Equal(7, (last with { ValidationLoss = 7 }).MonitoredLoss);
    }

    private static TrainingHistory Train(MlpTrainingOptions options, int rows) =>
        MlpTrainer.Train(new(new MlpArchitecture(4, 3), _loss, SmallData.For(_loss, rows)) { Options = options }).History;
}
