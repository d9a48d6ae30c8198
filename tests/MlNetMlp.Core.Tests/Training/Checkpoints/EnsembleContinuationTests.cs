namespace MlNetMlp.Core.Tests;

/// <summary>An ensemble whose training was stopped and continued is the uninterrupted one, bit for bit.</summary>
public sealed class EnsembleContinuationTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    /// <summary>Seven epochs: cycles of three, two and two.</summary>
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 7,
        BatchSize = 16,
        LearningRate = 0.01f,
        NumberOfThreads = 1,
        Seed = 3,
        RunningLossBatches = 6
    };

    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(6) { Normalization = Normalization.Batch, Dropout = 0.1f }] };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds =>
        ["seeds", "bagging", "out of bag", "cross-fitted", "snapshots", "seeds, shared", "cross-fitted, shared", "snapshots, shared"];

    private string Path => _folder.Path("c");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_StoppedAfterAnyEpoch_ContinuesBitForBit(string kind)
    {
        MlpTrainingResult whole = Of(kind).AssertContinues(_folder);
        Assert.Equal((kind.StartsWith("snapshots", StringComparison.Ordinal) ? 7 : 21, 3), (whole.History.Count, whole.Members.Count));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_ValidatedAndClassWeighted_ContinuesBitForBit(string kind)
    {
        // Target classes with weights are another row source than the one that was given, and each bag one of its own.
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        InterruptedTraining training = Of(kind, 2) with { Loss = loss, Validation = HoldsOut(kind) ? null : SmallData.For(loss, 20, seed: 2) };
        MlpTrainingResult whole = training.AssertContinues(_folder);
        Assert.All(whole.History, report => Assert.NotNull(report.ValidationLoss));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_EarlyStopping_StopsEveryMemberAtTheSameEpoch(string kind)
    {
        InterruptedTraining training = Of(kind, 3, _options with { NumberOfEpochs = 42, LearningRate = 0.05f, EarlyStopping = new() { Patience = 2 } });
        training = training with { Validation = HoldsOut(kind) ? null : SmallData.For(_loss, 20, seed: 2) };
        MlpTrainingResult whole = training.Run();
        Assert.Equal(HoldsOut(kind), whole.HeldOutLoss is not null);
        Assert.Equal(TrainingEnd.StoppedEarly, whole.Members[1].End);

        // In the second member: its first epoch, its best, within the patience, its last; then the first of the third.
        MlpTrainingResult second = whole.Members[1];
        foreach (EpochReport stop in new[] { second.History[0], second.History[Math.Max(second.BestEpoch, 1) - 1], second.History[^2],
            second.History[^1], whole.Members[2].History[0] })
        {
            training.Stop(Path, stop);
            MlpTrainingResult resumed = training.Run(Path);
            InterruptedTraining.AssertSame(whole, resumed);
            Assert.Equal((whole.HeldOutLoss, whole.HeldOutMetric, whole.HeldOutRows), (resumed.HeldOutLoss, resumed.HeldOutMetric, resumed.HeldOutRows));
            Assert.Empty(_folder.Files);
        }
    }

    [Fact]
    public void Train_MembersThatFoundNothingBetter_AreTheModelTheyContinuedFrom()
    {
        // Steps so small that they help, and steps so large that they harm: only the first kind is better than what was there.
        MlpModel initial = Of("seeds", 3, _options with { NumberOfEpochs = 40 }).Run().Model;
        InterruptedTraining training = Of("seeds", 3, _options with { NumberOfEpochs = 3, LearningRate = 3, EarlyStopping = new() }) with
        {
            Initial = initial,
            Validation = SmallData.For(_loss, 50),
        };
        MlpTrainingResult whole = training.AssertContinues(_folder);
        Assert.All(whole.Members, member => Assert.Equal((true, 0), (member.IsInitialModel, member.BestEpoch)));
        Assert.Equal(SmallData.Saved(initial), SmallData.Saved(whole.Model));
    }

    [Fact]
    public void Train_MembersThatConverge_StayConverged()
    {
        InterruptedTraining training = Of("seeds", 2, _options with
        {
            BatchSize = null,
            NumberOfEpochs = 30,
            Optimizer = new Lbfgs { GradientTolerance = 1e-3f },
            L2Regularization = 0.1f
        });
        training = training with { Architecture = new(4, 3) };
        MlpTrainingResult whole = training.AssertContinues(_folder);
        Assert.All(whole.Members, member => Assert.Equal((TrainingEnd.Converged, true), (member.End, member.History.Count < 30)));
    }

    [Fact]
    public void Train_EverySoManyEpochs_CountsThoseOfAllMembers()
    {
        InterruptedTraining training = Of("seeds");
        MlpTrainingResult whole = training.Run();

        // Of twenty-one epochs the fifth, tenth, fifteenth and twentieth.
        foreach ((int stop, (int, int) expected) in new[] { (8, (1, 5)), (10, (2, 3)), (14, (2, 3)), (15, (3, 1)), (21, (3, 6)) })
        {
            training.Stop(Path, whole.History[stop - 1], everyEpochs: 5);
            CheckpointSummary found = new TrainingCheckpoint(Path).Find()!;
            Assert.Equal(expected, (found.Member, found.Epoch));
            Assert.Equal((3, 7, 3), (found.Members, found.NumberOfEpochs, found.Seed));
            File.Delete(Path);
        }

        var told = new List<EpochReport>();
        training.Stop(Path, whole.History[11], everyEpochs: 5);
        InterruptedTraining.AssertSame(whole, training.Run(Path, told.Add, everyEpochs: 5));
        Assert.Equal(whole.History.Skip(10).Select(report => (report.Member, report.Epoch)), told.Select(report => (report.Member, report.Epoch)));
    }

    [Fact]
    public void Train_Cancelled_HasTheFinishedMembersAndGoesOnLater()
    {
        InterruptedTraining training = Of("seeds");
        MlpTrainingResult whole = training.Run();
        foreach (int after in new[] { 4, 7, 10, 14 })
        {
            using var cancellation = new CancellationTokenSource();
            int reports = 0;
            MlpTrainingResult cancelled = training.Run(Path, _ => Cancel(++reports == after, cancellation), token: cancellation.Token);
            int members = Math.Max(1, after / 7);
            Assert.Equal((TrainingEnd.Cancelled, members, after), (cancelled.End, cancelled.Members.Count, cancelled.History.Count));
            Assert.Equal(["c"], _folder.Files);

            // A continuation that is cancelled at once has the same.
            InterruptedTraining.AssertSame(cancelled, training.Run(Path, token: new CancellationToken(canceled: true)));
            InterruptedTraining.AssertSame(whole, training.Run(Path));
            Assert.Empty(_folder.Files);
        }
    }

    [Fact]
    public void Train_Continued_CountsTheTimeOn()
    {
        InterruptedTraining training = Of("snapshots");
        Assert.Throws<TimeoutException>(() => training.Run(Path, report =>
        {
            Thread.Sleep(20);
            if ((report.Member, report.Epoch) == (2, 1))
            {
                throw new TimeoutException();
            }
        }));
        TimeSpan saved = new TrainingCheckpoint(Path).Find()!.Elapsed;
        Assert.True(saved >= TimeSpan.FromMilliseconds(60));
        TrainingHistory history = training.Run(Path).History;
        Assert.Equal(saved, history[3].Elapsed);
        for (int i = 1; i < history.Count; i++)
        {
            Assert.True(history[i].Elapsed > history[i - 1].Elapsed);
        }
    }

    [Theory]
    [InlineData("bagging", 3, "Ensemble is SeedEnsemble in the checkpoint and BaggingEnsemble now")]
    [InlineData("seeds", 4, "Ensemble.Count is 3 in the checkpoint and 4 now")]
    [InlineData("", 0, "Ensemble is SeedEnsemble in the checkpoint and none now")]
    public void Train_AnotherEnsemble_IsRefused(string kind, int members, string difference)
    {
        InterruptedTraining training = Of("seeds");
        training.Stop(Path, training.Run().History[8]);
        InterruptedTraining other = kind.Length > 0 ? Of(kind, members) : training with { Options = _options };
        Assert.Equal(difference, Assert.Throws<CheckpointMismatchException>(() => other.Run(Path)).Differences[0]);
        Assert.Equal(["c"], _folder.Files);
    }

    [Fact]
    public void Train_ContentThatDoesNotFit_IsRefused()
    {
        InterruptedTraining training = Of("seeds");
        training.Stop(Path, training.Run().History[16]);
        var file = new CheckpointFile(Path);
        CheckpointContent content = file.Load()!;
        FinishedMember first = content.Finished[0], second = content.Finished[1];
        Assert.Equal((2, 3, 3), (content.Finished.Count, content.Last.Epoch, content.Last.Member));
        float[] huge = [.. first.Values.Select(_ => 3e38f)];
        foreach ((CheckpointContent wrong, string message) in new[]
        {
            (content with { Finished = [first] }, "make no sense in place 2"),
            (content with { Finished = [second, first] }, "make no sense in place 1"),
            (content with { Finished = [first, second with { BestEpoch = 8 }] }, "the best epoch 8"),
            (content with { Finished = [first, second with { BestEpoch = -1 }] }, "the best epoch -1"),
            (content with { Finished = [first, second with { BestEpoch = 1, IsInitialModel = true }] }, "the best epoch 1"),
            (content with { Finished = [first, second with { End = TrainingEnd.Cancelled }] }, "the end Cancelled"),
            (content with { Finished = [first, second with { End = (TrainingEnd)77 }] }, "the end 77"),
            (content with { Finished = [first, second with { Values = [float.NaN] }] }, "not finite"),
            (content with { Finished = [first, second with { Values = second.Values[1..] }] }, "the parameters of network 2"),
            (content with { Finished = [first with { Values = huge }, second] }, "the parameters of network 1"),
            (content with { History = [.. content.History.Select(report => report with { Members = 4 })] }, "its networks are not those of the training"),
            (content with { History = [.. content.History.Select(report => report with { NumberOfEpochs = 8 })] },
                "its epochs or its buffers are not those of the training"),
        })
        {
            file.Save(wrong);
            string error = Assert.Throws<InvalidDataException>(() => training.Run(Path)).Message;
            Assert.Matches("^The (section [A-Z]+ of the )?checkpoint is damaged: ", error);
            Assert.Contains(message, error, StringComparison.Ordinal);
            Assert.Contains(Path, error, StringComparison.Ordinal);
        }
    }

    private static void Cancel(bool now, CancellationTokenSource cancellation)
    {
        if (now)
        {
            cancellation.Cancel();
        }
    }

    /// <summary>Whether members have validation rows of their own.</summary>
    private static bool HoldsOut(string kind) => kind is "out of bag" or "cross-fitted" or "cross-fitted, shared";

    private static InterruptedTraining Of(string kind, int members = 3, MlpTrainingOptions? options = null) => new(_architecture, _loss,
        (options ?? _options) with
        {
            Ensemble = kind switch
            {
                "seeds" => Ensemble.Seeds(members),
                "bagging" => Ensemble.Bagging(members),
                "out of bag" => Ensemble.Bagging(members, validatesOutOfBag: true),
                "cross-fitted" => Ensemble.CrossFitted(members),
                "seeds, shared" => Ensemble.Seeds(members).Of(Ensemble.Shared(2)),
                "cross-fitted, shared" => Ensemble.CrossFitted(members).Of(Ensemble.Shared(2)),
                "snapshots, shared" => Ensemble.Snapshots(members).Of(Ensemble.Shared(2)),
                _ => Ensemble.Snapshots(members),
            },
        });
}
