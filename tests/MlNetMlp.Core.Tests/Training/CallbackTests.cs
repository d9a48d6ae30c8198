namespace MlNetMlp.Core.Tests;

/// <summary>A callback sees every epoch and its model, and what it decides happens, whatever the loss says, and after a checkpoint, too.</summary>
public sealed class CallbackTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _small = new(4, 3) { HiddenLayers = [new(6) { Activation = Activation.Tanh }] };
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 6, BatchSize = 16, LearningRate = 0.01f, NumberOfThreads = 1, Seed = 3 };

    private static readonly InterruptedTraining _training = new(_small, _loss, _options) { Validation = SmallData.For(_loss, 20, seed: 9) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Continue_ChangesNothing()
    {
        var seen = new List<EpochReport>();
        MlpTrainingResult asked = (_training with
        {
            AfterEpoch = epoch =>
            {
                seen.Add(epoch.Report);
                Assert.Equal(seen.Count, epoch.History.Count);
                return EpochDecision.Continue;
            },
        }).Run();
        InterruptedTraining.AssertSame(_training.Run(), asked);
        Assert.Equal(asked.History, seen);
    }

    [Fact]
    public void Stop_EndsTheTraining_AndSaysSo()
    {
        MlpTrainingResult result = (_training with { AfterEpoch = epoch => epoch.Report.Epoch == 4 ? EpochDecision.Stop : EpochDecision.Continue }).Run();
        Assert.Equal((TrainingEnd.StoppedByCallback, 4), (result.End, result.History.Count));
        Assert.StartsWith("Stopped by a callback after 4 epochs", result.Sentences().First(), StringComparison.Ordinal);

        // The epochs before are those of the whole training: its best of the first four is returned.
        Assert.Equal(_training.Run().History.Take(4).MinBy(report => report.ValidationLoss)!.Epoch, result.BestEpoch);
    }

    /// <summary>The model of an epoch is that of a training that ends there: the rate does not fall.</summary>
    [Fact]
    public void Model_IsThatOfTheEpoch()
    {
        var models = new List<byte[]>();
        InterruptedTraining training = new(_small, _loss, _options)
        {
            AfterEpoch = epoch =>
            {
                models.Add(SmallData.Saved(epoch.Model));
                Assert.Same(epoch.Model, epoch.Model);
                return EpochDecision.Continue;
            },
        };
        training.Run();
        for (int epochs = 1; epochs <= 6; epochs++)
        {
            MlpTrainingResult shorter = (training with { AfterEpoch = null, Options = _options with { NumberOfEpochs = epochs } }).Run();
            Assert.Equal(SmallData.Saved(shorter.Model), models[epochs - 1]);
        }
    }

    [Fact]
    public void Model_AfterTheCallback_IsRefused_UnlessItWasAskedFor()
    {
        EpochEnd? first = null, second = null;
        (_training with
        {
            AfterEpoch = epoch =>
            {
                (first, second) = (first ?? epoch, epoch.Report.Epoch == 2 ? epoch : second);
                _ = epoch.Report.Epoch == 2 ? epoch.Model : null;
                return EpochDecision.Continue;
            },
        }).Run();
        Assert.Contains("epoch 1", Assert.Throws<InvalidOperationException>(() => first!.Model).Message, StringComparison.Ordinal);
        Assert.Equal(3, second!.Model.OutputCount);
    }

    [Fact]
    public void Keep_ChoosesTheModel_WhateverTheLoss()
    {
        // Neither the last epoch, which is the best by its loss, nor the first.
        byte[]? kept = null;
        MlpTrainingResult result = (_training with
        {
            AfterEpoch = epoch =>
            {
                kept = epoch.Report.Epoch == 3 ? SmallData.Saved(epoch.Model) : kept;
                return epoch.Report.Epoch is 2 or 3 ? EpochDecision.Keep : EpochDecision.Continue;
            },
        }).Run();
        Assert.NotEqual(3, _training.Run().BestEpoch);
        Assert.Equal((3, 3), (result.BestEpoch, result.History.Best!.Epoch));
        Assert.Equal(kept, SmallData.Saved(result.Model));
        Assert.Equal([true, true, false, false, false], result.History.Skip(1).Select(report => report.IsBest));
    }

    [Fact]
    public void Keep_WithoutValidation_IsNotUndoneByTheLastEpoch()
    {
        InterruptedTraining training = new(_small, _loss, _options)
        {
            AfterEpoch = epoch => epoch.Report.Epoch == 2 ? EpochDecision.Keep : EpochDecision.Continue,
        };
        Assert.Equal(2, training.Run().BestEpoch);
        Assert.Equal(6, (training with { AfterEpoch = null }).Run().BestEpoch);
    }

    /// <summary>The same as a schedule of stages with these rates.</summary>
    [Fact]
    public void LearningRateFactor_HoldsFromTheNextEpochOn()
    {
        MlpTrainingResult result = (_training with
        {
            AfterEpoch = epoch => epoch.Report.Epoch is 2 or 4 ? EpochDecision.MultiplyLearningRate(0.5f) : EpochDecision.Continue,
        }).Run();
        MlpTrainingResult stages = (_training with { Options = _options with { LearningRate = Schedule.Stages(0.01f, (2, 0.005f), (4, 0.0025f)) } }).Run();
        InterruptedTraining.AssertSame(stages, result);
        Assert.Equal([0.01f, 0.01f, 0.005f, 0.005f, 0.0025f, 0.0025f], result.History.Select(report => report.LearningRate));
    }

    [Fact]
    public void Decisions_SurviveACheckpoint()
    {
        // Every decision comes before some place where the training is stopped, and one is still to come.
        InterruptedTraining training = _training with
        {
            AfterEpoch = epoch => epoch.Report.Epoch switch
            {
                1 => EpochDecision.MultiplyLearningRate(3),
                2 => new() { KeepsModel = true, LearningRateFactor = 0.25f },
                3 => EpochDecision.Keep,
                5 => EpochDecision.Stop,
                _ => EpochDecision.Continue,
            },
        };
        MlpTrainingResult result = training.AssertContinues(_folder);
        Assert.Equal((TrainingEnd.StoppedByCallback, 5, 3), (result.End, result.History.Count, result.BestEpoch));
        (training with { Options = _options with { Ensemble = Ensemble.Seeds(2) } }).AssertContinues(_folder);
    }

    [Fact]
    public void Stop_EndsTheMember_NotTheEnsemble()
    {
        MlpTrainingResult result = (_training with
        {
            Options = _options with { Ensemble = Ensemble.Seeds(3) },
            AfterEpoch = epoch => epoch.Report.Epoch == epoch.Report.Member ? EpochDecision.Stop : EpochDecision.Continue,
        }).Run();
        Assert.Equal([1, 2, 3], result.Members.Select(member => member.History.Count));
        Assert.Equal(TrainingEnd.StoppedByCallback, result.End);
    }

    public static TheoryData<string, EpochDecision?, Optimizer> Refused => new()
    {
        { "after epoch 1 null", null, new AdamW() },
        { "Lbfgs", EpochDecision.MultiplyLearningRate(0.5f), new Lbfgs() },
        { "the rate is multiplied by", EpochDecision.MultiplyLearningRate(1e-30f), new AdamW() },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Decision_ThatCannotBe_IsRefused(string expected, EpochDecision? decision, Optimizer optimizer)
    {
        MlpTrainingOptions options = _options with { Optimizer = optimizer, BatchSize = optimizer.NeedsAllRows ? null : 16 };
        InterruptedTraining training = _training with { Options = options, AfterEpoch = _ => decision! };
        var exception = Assert.Throws<InvalidOperationException>(() => training.Run());
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("AfterEpoch", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Factor_OutOfRange_IsRefused(float factor) =>
        Assert.Throws<ArgumentOutOfRangeException>("LearningRateFactor", () => EpochDecision.MultiplyLearningRate(factor));

    [Fact]
    public void Exception_EndsTheTraining_AndTheEpochIsAskedForAgain()
    {
        string path = _folder.Path("c");
        InterruptedTraining failing = _training with
        {
            AfterEpoch = epoch => epoch.Report.Epoch == 3 ? throw new TimeZoneNotFoundException() : EpochDecision.Continue,
        };
        Assert.Throws<TimeZoneNotFoundException>(() => failing.Run(path));
        Assert.Equal(2, new TrainingCheckpoint(path).Find()!.Epoch);
        InterruptedTraining.AssertSame(_training.Run(), _training.Run(path));
    }
}
