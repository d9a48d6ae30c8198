namespace MlNetMlp.Core.Tests;

/// <summary>A training that was stopped and goes on to another number of epochs, and one whose checkpoint another training wants.</summary>
public sealed class ChangedLengthTests : IDisposable
{
    private static readonly MlpArchitecture _architecture = new(4, 3)
    {
        HiddenLayers = [new(5) { Normalization = Normalization.BatchRenormalization, Dropout = 0.25f }],
    };

    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 6,
        BatchSize = 16,
        NumberOfThreads = 1,
        LearningRate = Schedule.Exponential(0.01f, 0.1f),
        EarlyStopping = new() { Patience = 10 },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Schedule, bool> Schedules => new()
    {
        { 0.01f, true }, { Schedule.Step(0.01f, 2), true }, { Schedule.Stages(0.01f, (2, 0.001f)), true }, { Schedule.Exponential(0.01f, 0.1f), true },
        { Schedule.InverseTime(0.01f, 0.1f), true }, { Schedule.Cyclic(0.01f, 0.02f, 2), true }, { Schedule.ReduceOnPlateau(0.01f), true },
        { Schedule.Warmup(2).Then(0.01f).PerEpoch().ScaledByBatchSize(), true },
        { Schedule.LogCosine(0.01f), false }, { Schedule.FlatThenCosine(0.01f), false },
        { Schedule.Cosine(0.01f), false }, { Schedule.OneCycle(0.01f), false }, { Schedule.Polynomial(0.01f), false },
        { Schedule.Warmup(2).Then(Schedule.Cosine(0.01f)).PerEpoch().ScaledByBatchSize(), false },
    };

    public void Dispose() => _folder.Dispose();

    /// <summary>Longer, shorter, and with a running loss whose memory is larger than one training and smaller than the other.</summary>
    [Theory]
    [InlineData(6, 9, 100)]
    [InlineData(9, 6, 100)]
    [InlineData(6, 9, 30)]
    [InlineData(6, 9, 7)]
    [InlineData(6, 4, 100)]
    public void Train_StoppedAndMadeLongerOrShorter_IsTheTrainingOfThatLength(int before, int now, int runningLossBatches)
    {
        MlpTrainingOptions options = _options with { RunningLossBatches = runningLossBatches };
        var first = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), options with { NumberOfEpochs = before });
        InterruptedTraining second = first with { Options = options with { NumberOfEpochs = now } };
        string path = _folder.Path("c");

        first.Stop(path, first.Run().History[3]);

        InterruptedTraining.AssertSame(second.Run(), second.Run(path));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Train_FullBatchesMadeLonger_IsTheTrainingOfThatLength()
    {
        var first = new InterruptedTraining(_architecture with { HiddenLayers = [new(5)] }, new SoftmaxCrossEntropy(),
            new() { NumberOfEpochs = 6, Optimizer = new Lbfgs(), LearningRate = 1 });
        InterruptedTraining second = first with { Options = first.Options with { NumberOfEpochs = 12 } };
        string path = _folder.Path("c");

        first.Stop(path, first.Run().History[3]);

        InterruptedTraining.AssertSame(second.Run(), second.Run(path));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Train_MadeLonger_IsRefusedWhereTheScheduleLooksAtTheLength(Schedule schedule, bool isAllowed)
    {
        var first = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), _options with { LearningRate = schedule });
        InterruptedTraining second = first with { Options = first.Options with { NumberOfEpochs = 7 } };
        string path = _folder.Path("c");
        first.Stop(path, first.Run().History[2]);

        if (isAllowed)
        {
            InterruptedTraining.AssertSame(second.Run(), second.Run(path));
        }
        else
        {
            Assert.Equal(["NumberOfEpochs is 6 in the checkpoint and 7 now"], Assert.Throws<CheckpointMismatchException>(() => second.Run(path)).Differences);
        }
    }

    public static TheoryData<string, MlpTrainingOptions> OtherOptions => new()
    {
        { "patience", _options with { EarlyStopping = new() } },
        { "decay", _options with { Optimizer = new AdamW { WeightDecay = Schedule.FlatThenCosine(0.01f) } } },
        { "average", _options with { WeightAveraging = WeightAveraging.Polyak() } },
    };

    [Theory]
    [MemberData(nameof(OtherOptions))]
    public void Train_MadeLonger_IsRefusedWhereAnotherOptionLooksAtTheLength(string what, MlpTrainingOptions options)
    {
        var first = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), options);
        string path = _folder.Path("c");
        first.Stop(path, first.Run().History[2]);

        Exception exception = Record.Exception(() => (first with { Options = options with { NumberOfEpochs = 7 } }).Run(path));
        Assert.True(exception is CheckpointMismatchException, what);
        InterruptedTraining.AssertSame(first.Run(), first.Run(path));
    }

    [Fact]
    public void Train_ShorterThanWhatWasRun_IsRefused()
    {
        var first = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), _options);
        string path = _folder.Path("c");
        first.Stop(path, first.Run().History[4]);

        InterruptedTraining second = first with { Options = _options with { NumberOfEpochs = 4 } };
        Assert.Equal(
            ["NumberOfEpochs is 4 now, and the checkpoint has run 5"], Assert.Throws<CheckpointMismatchException>(() => second.Run(path)).Differences);
        Assert.Equal(["c"], _folder.Files);
    }

    [Fact]
    public void Train_CheckpointOfARunningTraining_IsRefusedAndFreeAfterwards()
    {
        var training = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), _options);
        string path = _folder.Path("c");
        int refusals = 0;

        MlpTrainingResult result = training.Run(path, _ =>
        {
            Assert.Contains("is in use by another training", Assert.Throws<IOException>(() => training.Run(path)).Message, StringComparison.Ordinal);
            refusals++;
        });

        Assert.Equal(result.History.Count, refusals);
        InterruptedTraining.AssertSame(result, training.Run(path));
        Assert.Empty(_folder.Files);
    }

    /// <summary>255 bytes, the longest name there is: that of the lock cannot be longer.</summary>
    [Theory]
    [InlineData('c', 250)]
    [InlineData('c', 251)]
    [InlineData('c', 255)]
    [InlineData('\u00e4', 127)]
    public void Train_CheckpointOfALongName_IsLockedToo(char letter, int length)
    {
        var training = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), _options);
        string path = _folder.Path(new string(letter, length));
        int refusals = 0;

        training.Run(path, _ =>
        {
            Assert.Contains("is in use by another training", Assert.Throws<IOException>(() => training.Run(path)).Message, StringComparison.Ordinal);
            refusals++;
        });

        Assert.True(refusals > 0);
        Assert.Empty(_folder.Files);
    }

    /// <summary>What a killed process leaves is a file that nobody has locked.</summary>
    [Fact]
    public void Train_LockThatWasLeftBehind_IsInNobodysWay()
    {
        var training = new InterruptedTraining(_architecture, new SoftmaxCrossEntropy(), _options);
        string path = _folder.Path("c");
        File.WriteAllText(path + ".lock", "");

        InterruptedTraining.AssertSame(training.Run(), training.Run(path));
        Assert.Empty(_folder.Files);
    }
}
