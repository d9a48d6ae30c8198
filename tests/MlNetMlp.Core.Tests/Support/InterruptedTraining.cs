namespace MlNetMlp.Core.Tests;

/// <summary>A training that can be stopped after an epoch, by an exception of the one who is told of it, and started again.</summary>
internal sealed record InterruptedTraining(MlpArchitecture Architecture, Loss Loss, MlpTrainingOptions Options)
{
    /// <summary>Without training rows of its own: fifty made-up ones.</summary>
    public IRowSource? Rows { get; init; }

    public IRowSource? Validation { get; init; }

    public CategoricalGroup[] Groups { get; init; } = [];

    public MlpModel? Initial { get; init; }

    public Func<EpochEnd, EpochDecision>? AfterEpoch { get; init; }

    /// <summary>Trains to the end, without a checkpoint if there is no path.</summary>
    public MlpTrainingResult Run(string? path = null, Action<EpochReport>? onEpoch = null, int everyEpochs = 1, CancellationToken token = default) =>
        MlpTrainer.Train(new(Architecture, Loss, Rows ?? SmallData.For(Loss, 50))
        {
            Validation = Validation,
            CategoricalGroups = Groups,
            Options = path is null ? Options : Options with { Checkpoint = new(path) { EveryEpochs = everyEpochs } },
            InitialModel = Initial,
            Progress = onEpoch is null ? null : new ImmediateProgress(onEpoch),
            AfterEpoch = AfterEpoch,
            CancellationToken = token,
        });

    /// <summary>Trains until the epoch of <paramref name="last"/> is over, and leaves a checkpoint.</summary>
    public void Stop(string path, EpochReport last, int everyEpochs = 1) => Assert.Throws<TimeoutException>(() => Run(path, report =>
    {
        if ((report.Member, report.Epoch) == (last.Member, last.Epoch))
        {
            throw new TimeoutException();
        }
    }, everyEpochs: everyEpochs));

    /// <summary>
    /// Stops once after every third epoch, the last one among them, and then after every epoch in turn; in the end it is as if nothing had
    /// happened.
    /// </summary>
    /// <returns>What it comes to.</returns>
    public MlpTrainingResult AssertContinues(TemporaryFolder folder)
    {
        string path = folder.Path("c");
        MlpTrainingResult whole = Run();
        for (int i = whole.History.Count - 1; i >= 0; i -= 3)
        {
            Stop(path, whole.History[i]);
            AssertSame(whole, Run(path));
            Assert.Empty(folder.Files);
        }

        foreach (EpochReport report in whole.History)
        {
            Stop(path, report);
            Assert.Equal(["c"], folder.Files);
        }

        AssertSame(whole, Run(path));
        return whole;
    }

    /// <summary>Everything but the times.</summary>
    public static void AssertSame(MlpTrainingResult expected, MlpTrainingResult actual)
    {
        Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(actual.Model));
        Assert.Equal((expected.BestEpoch, expected.End, expected.IsInitialModel), (actual.BestEpoch, actual.End, actual.IsInitialModel));
        Assert.Equal(expected.History.Select(WithoutTime), actual.History.Select(WithoutTime));
        Assert.Equal(expected.History.MetricName, actual.History.MetricName);
        Assert.Equal(expected.Members.Count, actual.Members.Count);
        for (int i = 0; i < expected.Members.Count; i++)
        {
            AssertSame(expected.Members[i], actual.Members[i]);
            Assert.Same(actual.Model.Networks[i], actual.Members[i].Model);
        }
    }

    private static EpochReport WithoutTime(EpochReport report) => report with { Elapsed = default };
}
