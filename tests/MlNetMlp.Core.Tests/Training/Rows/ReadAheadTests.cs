namespace MlNetMlp.Core.Tests;

/// <summary>Rows of which a window is at hand are read ahead on another thread, which may be seen by nothing but the time it takes.</summary>
public sealed class ReadAheadTests
{
    private const int Count = 2000;

    /// <summary>Sixteen rows at a time: 125 requests before the first epoch, and four for each of its 32 mini-batches.</summary>
    private const int RequestsBefore = 125, RequestsABatch = 4;

    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(6) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
    };

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 3, BatchSize = 64, NumberOfThreads = 2 };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Train_SeveralThreads_ReadsOnAnotherThread(int threads, bool onAnother)
    {
        var readers = new HashSet<int>();
        Train(new WindowedRows(Rows(), 300, _ => readers.Add(Environment.CurrentManagedThreadId)), _options with { NumberOfThreads = threads });
        Assert.Equal(onAnother, readers.Any(thread => thread != Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void Train_AllRowsAtHand_ReadsOnTheThreadThatTrains()
    {
        var readers = new HashSet<int>();
        Train(new WindowedRows(Rows(), Count, _ => readers.Add(Environment.CurrentManagedThreadId)), _options);
        Assert.Equal([Environment.CurrentManagedThreadId], readers);
    }

    [Fact]
    public void Train_SlowSource_LearnsTheSameAndGathersOneAtATime()
    {
        var slow = new WindowedRows(Rows(), 300, request => Thread.Sleep(request % 40 == 0 ? 2 : 0));
        MlpTrainingResult expected = Train(new WindowedRows(Rows(), 300), _options with { NumberOfThreads = 1 }), actual = Train(slow, _options, slow);
        Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(actual.Model));
        Assert.False(slow.WasCrowded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Train_SourceFails_ThrowsWhatItThrewAndReadsNoMore(int threads)
    {
        var failure = new IOException("The disk is gone.");
        var rows = new WindowedRows(Rows(), 300, request =>
        {
            if (request == RequestsBefore + 10 * RequestsABatch)
            {
                throw failure;
            }
        });
        Assert.Same(failure, Assert.Throws<IOException>(() => Train(rows, _options with { NumberOfThreads = threads })));
        Thread.Sleep(20);
        Assert.Equal(RequestsBefore + 10 * RequestsABatch, rows.Requests);
    }

    [Fact]
    public void Train_Diverges_ReadsNoMoreAfterwards()
    {
        var rows = new WindowedRows(Rows(), 300, _ => Thread.Sleep(1));
        MlpTrainingOptions options = _options with { Optimizer = new Sgd(), LearningRate = 1e38f };
        Assert.Throws<TrainingDivergedException>(() => Train(rows, options));
        int requests = rows.Requests;
        Assert.InRange(requests, RequestsBefore, RequestsBefore + 31 * RequestsABatch);
        Thread.Sleep(20);
        Assert.Equal(requests, rows.Requests);
    }

    [Fact]
    public void Train_CancelledWhileReadingAhead_EndsWithTheMiniBatchBeforeAndReadsNoMore()
    {
        using var source = new CancellationTokenSource();
        var rows = new WindowedRows(Rows(), 300, request =>
        {
            if (request == RequestsBefore + 10 * RequestsABatch)
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() =>
            MlpTrainer.Train(new(_architecture, _loss, rows)
            {
                Options = _options with { ThrowOnCancellation = true },
                CancellationToken = source.Token,
            }));
        int requests = rows.Requests;
        Thread.Sleep(20);
        Assert.Equal(requests, rows.Requests);
    }

    [Fact]
    public void Train_Augmentation_IsAppliedByTheThreadThatTrains()
    {
        var threads = new HashSet<int>();
        Augmentation augmentation = Augmentation.Custom((features, random) => threads.Add(Environment.CurrentManagedThreadId));
        Train(new WindowedRows(Rows(), 300), _options with { Augmentation = augmentation });
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void Train_LaterEpochs_AllocateNothingForMiniBatches()
    {
        int trainingThread = Environment.CurrentManagedThreadId;

        // Other tests allocate at the same time, so each thread is asked for its own. Beside its mini-batches, an epoch allocates a report, the
        // steps of its shuffle and the reading thread.
        long[] reading = new long[5000 * 4 * 4];
        var training = new List<long>();
        int number = 0;
        var rows = new WindowedRows(SmallData.For(_loss, 20_000), 6400, _ =>
        {
            reading[number++] = Environment.CurrentManagedThreadId == trainingThread ? 0 : GC.GetAllocatedBytesForCurrentThread();
        });
        var progress = new ImmediateProgress(_ => training.Add(GC.GetAllocatedBytesForCurrentThread()));
        MlpTrainer.Train(new(new MlpArchitecture(4, 3), _loss, rows) { Options = _options with { BatchSize = 4, NumberOfEpochs = 4 }, Progress = progress });

        // The least that 5000 mini-batches could allocate is 24 bytes each.
        Assert.InRange(training[3] - training[2], 0, 20_000);
        Assert.Equal(0, reading[number - 1] - reading[number - 4000]);
    }

    private static MlpTrainingResult Train(IRowSource rows, MlpTrainingOptions options, IRowSource? validation = null) =>
        MlpTrainer.Train(new(_architecture, _loss, rows) { Validation = validation, Options = options });

    private static InMemoryRows Rows() => SmallData.For(_loss, Count);
}
