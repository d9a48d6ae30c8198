namespace MlNetMlp.Core.Tests;

/// <summary>A training whose time is over ends with the best model so far. The clock is one that the test sets.</summary>
public sealed class TimeLimitTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(6)] };
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 10,
        BatchSize = 16,
        LearningRate = 0.01f,
        NumberOfThreads = 1,
        MaximumTrainingTime = TimeSpan.FromHours(1),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Time_ThatIsOverAfterAnEpoch_EndsWithTheModelOfThat(bool throwOnCancellation)
    {
        MlpTrainingResult result = Train(_options with { ThrowOnCancellation = throwOnCancellation }, afterEpoch: 3);
        Assert.Equal((TrainingEnd.TimeExpired, 3, 3), (result.End, result.History.Count, result.BestEpoch));
        Assert.StartsWith("Out of time after 3 epochs", result.Sentences().First(), StringComparison.Ordinal);

        // The same as a training of three epochs: the rate does not change.
        MlpTrainingResult shorter = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64)) { Options = _options with { NumberOfEpochs = 3 } });
        Assert.Equal(SmallData.Saved(shorter.Model), SmallData.Saved(result.Model));
    }

    [Fact]
    public void Time_ThatIsOverInTheFirstEpoch_EndsWithWhatWasLearned()
    {
        var clock = new SetClock();

        // What the setup reads, and two mini-batches of four.
        var rows = new ObservedRows(SmallData.For(_loss, 64), request => clock.Expire(when: request == 4 + 2));
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, rows) { Options = _options, Time = clock });
        Assert.Equal((TrainingEnd.TimeExpired, 0, 0), (result.End, result.History.Count, result.BestEpoch));
        Assert.StartsWith("Out of time in the first epoch", result.Sentences().First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_ThatIsOverBeforeTheFirstStep_IsRefused()
    {
        string message = Assert.Throws<TimeoutException>(() => MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64))
        {
            Options = _options with { MaximumTrainingTime = TimeSpan.FromTicks(1) },
        })).Message;
        Assert.Contains("MaximumTrainingTime is 00:00:00.0000001", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_ReturnsItsFinishedMembers()
    {
        MlpTrainingResult result = Train(_options with { Ensemble = Ensemble.Seeds(4) }, afterEpoch: 3, ofMember: 3);
        Assert.Equal((TrainingEnd.TimeExpired, 2, 23), (result.End, result.Members.Count, result.History.Count));
        result = Train(_options with { Ensemble = Ensemble.Seeds(4) }, afterEpoch: 10, ofMember: 2);
        Assert.Equal((TrainingEnd.TimeExpired, 2, 20), (result.End, result.Members.Count, result.History.Count));
        result = Train(_options with { Ensemble = Ensemble.CrossFitted(3) }, afterEpoch: 2);
        Assert.Equal((TrainingEnd.TimeExpired, 1, null), (result.End, result.Members.Count, result.HeldOutLoss));
    }

    [Fact]
    public void Checkpoint_Stays_AndTheTrainingGoesOnWithMoreTime()
    {
        string path = _folder.Path("c");
        MlpTrainingOptions options = _options with { Checkpoint = new(path) };
        Train(options, afterEpoch: 4);
        Assert.Equal(4, new TrainingCheckpoint(path).Find()!.Epoch);

        // As if the epochs had taken all of the time: the model is there at once, and nothing else is learned.
        MlpTrainingResult same = Train(options with { MaximumTrainingTime = TimeSpan.FromTicks(1) }, afterEpoch: 0);
        Assert.Equal((TrainingEnd.TimeExpired, 4, 4), (same.End, same.History.Count, same.BestEpoch));

        MlpTrainingResult all = Train(options with { MaximumTrainingTime = null }, afterEpoch: 0);
        InterruptedTraining.AssertSame(Train(_options, afterEpoch: 0), all);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Cancellation_IsNoEndOfTheTime()
    {
        using var cancellation = new CancellationTokenSource();
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64))
        {
            Options = _options,
            Progress = new ImmediateProgress(_ => cancellation.Cancel()),
            CancellationToken = cancellation.Token,
        });
        Assert.Equal(TrainingEnd.Cancelled, result.End);
    }

    [Fact]
    public void Limit_ThatTimersDoNotKnow_IsNone() =>
        Assert.Equal(TrainingEnd.Completed, Train(_options with { MaximumTrainingTime = TimeSpan.MaxValue }, afterEpoch: 0).End);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Limit_OutOfRange_IsRefused(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>("MaximumTrainingTime", () => _options with { MaximumTrainingTime = TimeSpan.FromSeconds(seconds) });

    private static MlpTrainingResult Train(MlpTrainingOptions options, int afterEpoch, int ofMember = 1)
    {
        var clock = new SetClock();
        return MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64))
        {
            Options = options,
            Time = clock,
            Progress = new ImmediateProgress(report => clock.Expire(when: (report.Member, report.Epoch) == (ofMember, afterEpoch))),
        });
    }

    /// <summary>A clock whose timers go off when the test says so.</summary>
    private sealed class SetClock : TimeProvider
    {
        private Action _expire = () => { };

        public void Expire(bool when)
        {
            if (when)
            {
                _expire();
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _expire += () => callback(state);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }
}
