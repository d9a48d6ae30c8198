namespace MlNetMlp.Core.Tests;

public sealed class CancellationTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(6) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
    };

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 10, BatchSize = 16, LearningRate = 0.01f, NumberOfThreads = 1 };

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
        var error = Assert.Throws<OperationCanceledException>(() => Train(SmallData.For(_loss, 64), _options with { ThrowOnCancellation = true },
            cancelAfterEpoch: 3));
        Assert.Equal(_cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public void Train_CancelledAfterAnEpoch_ReturnsTheBestSoFar()
    {
        MlpTrainingResult result = Train(SmallData.For(_loss, 64), _options, cancelAfterEpoch: 3);
        Assert.Equal((TrainingEnd.Cancelled, 3, 3), (result.End, result.History.Count, result.BestEpoch));

        // The same as a training of three epochs under the same schedule would have returned.
        MlpTrainingResult whole = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64)) { Options = _options });
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

    public static TheoryData<string> Cases => [.. CancellationCase.All.Select(@case => @case.Name)];

    /// <summary>
    /// At every request for rows that a training makes, so in every phase: the pass before the first epoch, each mini-batch of training and validation rows,
    /// the statistics, the line search, the members. Nothing more is read; the result is that of a cancellation between the same epochs, or the exception.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_CancelledAtAnyRequest_EndsAtOnceWithTheBestSoFar(string name)
    {
        using var folder = new TemporaryFolder();
        CancellationCase @case = CancellationCase.All.Single(@case => @case.Name == name);
        var trial = new Cancellations(@case);

        // The line search asks often; the benchmarks' trial leaves nothing out.
        for (int request = 1; request <= trial.Requests; request += 1 + trial.Requests / 100)
        {
            trial.At(request, throws: false, @case.HasCheckpoint ? folder.Path("c") : null);
            trial.At(request, throws: true);
        }

        Assert.Empty(trial.Failures);
        Assert.True(trial.Ends is { Thrown: > 1, Cancelled: > 1, Completed: > 0 }, trial.Ends.ToString());
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Train_CancelledByAnotherThread_EndsWithTheBestSoFar()
    {
        var random = new Random(5);
        foreach (CancellationCase @case in CancellationCase.All.Take(3))
        {
            var trial = new Cancellations(@case);
            for (int i = 0; i < 20; i++)
            {
                trial.After(TimeSpan.FromMicroseconds(random.Next(3000)), throws: i % 4 == 0, threads: 1 + i % 2);
            }

            Assert.Empty(trial.Failures);
        }
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
        return MlpTrainer.Train(new(_architecture, _loss, rows) { Options = options, Progress = progress, CancellationToken = _cancellation.Token });
    }
}
