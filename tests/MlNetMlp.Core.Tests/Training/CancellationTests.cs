namespace MlNetMlp.Core.Tests;

public sealed class CancellationTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(6) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
    };

    private static readonly MlpTrainingOptions _options = new() { Epochs = 10, BatchSize = 16, LearningRate = 0.01f, Threads = 1 };

    private readonly CancellationTokenSource _cancellation = new();

    public void Dispose() => _cancellation.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_CancelledBefore_Throws(bool throwOnCancellation)
    {
        _cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => Train(SmallData.For(_loss, 64), _options with { ThrowOnCancellation = throwOnCancellation }));
    }

    [Fact]
    public void Train_CancelledWhenAskedToThrow_ThrowsWithTheToken()
    {
        var error = Assert.Throws<OperationCanceledException>(() => Train(SmallData.For(_loss, 64), _options with { ThrowOnCancellation = true }, cancelAfterEpoch: 3));
        Assert.Equal(_cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public void Train_CancelledAfterAnEpoch_ReturnsTheBestSoFar()
    {
        MlpTrainingResult result = Train(SmallData.For(_loss, 64), _options, cancelAfterEpoch: 3);
        Assert.Equal((TrainingEnd.Cancelled, 3, 3), (result.End, result.History.Count, result.BestEpoch));

        // The same as a training of three epochs under the same schedule would have returned.
        MlpTrainingResult whole = MlpTrainer.Train(_architecture, _loss, SmallData.For(_loss, 64), null, _options);
        Assert.Equal(whole.History.Take(3).Select(report => report.TrainingLoss), result.History.Select(report => report.TrainingLoss));
    }

    [Fact]
    public void Train_CancelledAfterTheLastEpoch_IsCompleted()
    {
        MlpTrainingResult result = Train(SmallData.For(_loss, 64), _options, cancelAfterEpoch: 10);
        Assert.Equal((TrainingEnd.Completed, 10), (result.End, result.History.Count));
    }

    [Fact]
    public void Train_CancelledInTheMiddleOfAnEpoch_ReturnsTheEpochBefore()
    {
        // Four mini-batches an epoch and four reads for batch statistics: during the second mini-batch of the third epoch.
        var observed = new ObservedRows(SmallData.For(_loss, 64), request => CancelAt(request, 4 + 2 * 8 + 2));
        MlpTrainingResult result = Train(observed, _options);
        Assert.Equal((TrainingEnd.Cancelled, 2), (result.End, result.History.Count));
        Assert.Equal(result.History.MinBy(report => report.TrainingLoss)!.Epoch, result.BestEpoch);

        // That mini-batch was finished, the next not begun, and nothing was read for statistics that nobody will use.
        Assert.Equal(4 + 2 * 8 + 2, observed.Requests.Count);
    }

    [Fact]
    public void Train_CancelledInTheFirstEpoch_ReturnsWhatWasLearned()
    {
        var observed = new ObservedRows(SmallData.For(_loss, 64), request => CancelAt(request, 4 + 2));
        MlpTrainingResult result = Train(observed, _options);
        Assert.Equal((TrainingEnd.Cancelled, 0, 0), (result.End, result.History.Count, result.BestEpoch));

        // Two mini-batches, then the statistics of all rows: the model can score.
        Assert.Equal(4 + 2 + 4, observed.Requests.Count);
        Assert.All(RandomModels.Scores(result.Model, [1, 2, 3, 4]), score => Assert.InRange(score, 0, 1));
        Assert.NotEqual(0, Mean(result.Model));
    }

    private static float Mean(MlpModel model)
    {
        ParameterVector parameters = model.RestoreParameters();
        return parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name.EndsWith(".Mean", StringComparison.Ordinal)))[0];
    }

    private void CancelAt(int request, int number)
    {
        if (request == number)
        {
            _cancellation.Cancel();
        }
    }

    private MlpTrainingResult Train(IRowSource rows, MlpTrainingOptions options, int cancelAfterEpoch = 0)
    {
        var progress = new ImmediateProgress(report => CancelAt(report.Epoch, cancelAfterEpoch));
        return MlpTrainer.Train(_architecture, _loss, rows, null, options, progress: progress, cancellationToken: _cancellation.Token);
    }
}
