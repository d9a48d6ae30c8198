using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class EnsembleTests
{
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 4, BatchSize = 16, NumberOfThreads = 1, Seed = 7 };

    public static TheoryData<string> Kinds => ["seeds", "bagging", "out of bag", "cross-fitted", "snapshots"];

    public static TheoryData<Loss, int> Losses => new()
    {
        { new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }, 3 },
        { new SigmoidCrossEntropy(), 1 },
        { new SquaredError(), 2 },
    };

    [Theory]
    [InlineData("seeds")]
    [InlineData("snapshots")]
    public void Train_OneMember_HasTheBytesOfATrainingWithout(string kind)
    {
        var loss = new SquaredError();
        MlpTrainingResult one = Train(loss, _options with { Ensemble = Of(kind, 1) }), without = Train(loss, _options);
        Assert.Equal(SmallData.Saved(without.Model), SmallData.Saved(one.Model));
        Assert.Equal(without.History.Select(Timeless), one.History.Select(Timeless));
        Assert.Single(one.Members);
        Assert.Empty(without.Members);
        Assert.Equal([without.Model], without.Model.Members);
    }

    [Fact]
    public void Train_Seeds_AreTrainingsWithTheDocumentedSeeds()
    {
        MlpTrainingResult result = Train(new SquaredError(), _options with { Ensemble = Ensemble.Seeds(3) });
        Assert.Equal(3, result.Model.Members.Count);
        for (int i = 0; i < 3; i++)
        {
            MlpTrainingResult alone = Train(new SquaredError(), _options with { Seed = unchecked(7 + i * (int)0x9E3779B9) });
            Assert.Equal(SmallData.Saved(alone.Model), SmallData.Saved(result.Model.Members[i]));
            Assert.Same(result.Members[i].Model, result.Model.Members[i]);
            Assert.Equal(alone.History.Select(report => report.TrainingLoss), result.Members[i].History.Select(report => report.TrainingLoss));
        }
    }

    [Fact]
    public void Train_Bagging_LearnsFromBootstrapSamplesOfTheRows()
    {
        const int Rows = 2000;
        var loss = new SquaredError();
        var rows = new ObservedRows(SmallData.For(loss, Rows, outputs: 1));
        var drawn = new List<int[]>();
        var progress = new ImmediateProgress(report =>
        {
            // The requests of an epoch are its mini-batches; those before the first epoch measure the rows.
            drawn.Add([.. rows.Requests.TakeLast(Rows / 16).SelectMany(numbers => numbers)]);
        });
        MlpTrainer.Train(new(new(4, 1), loss, rows) { Options = _options with { NumberOfEpochs = 2, Ensemble = Ensemble.Bagging(4) }, Progress = progress });

        Assert.Equal(8, drawn.Count);
        for (int member = 0; member < 4; member++)
        {
            int[] bag = [.. drawn[2 * member].Order()];
            Assert.Equal(Rows, bag.Length);
            Assert.Equal(bag, drawn[2 * member + 1].Order());

            // The share of distinct rows: mean 1 - 1/e, standard deviation sqrt((1/e - 2/e^2) / n), which is 0.0070.
            Assert.Equal(1 - 1 / Math.E, bag.Distinct().Count() / (double)Rows, 0.028);
            Assert.All(drawn.Where((_, other) => other / 2 != member), other => Assert.NotEqual(bag, other.Order()));
        }
    }

    [Fact]
    public void Train_Bagging_WeighsAndStandardizesByAllRows()
    {
        // One row in ten counts, and only those with a first feature of 5 or 7.
        var loss = new SigmoidCrossEntropy();
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < 40; i++)
        {
            rows.Add([i % 20 == 0 ? 5 : i % 20 == 10 ? 7 : 1000, i], [i % 20 == 0 ? 1 : 0], i % 10 == 0 ? 2 : 0);
        }

        MlpTrainingResult result = MlpTrainer.Train(new(new(2, 1), loss, rows) { Options = _options with { Seed = 3, Ensemble = Ensemble.Bagging(30) } });
        Assert.All(result.Model.Members, member => Assert.Equal([6f, 15f], member.Standardizer.Offset.ToArray()));

        // Weights have the mean 1 in every bag, so that the first losses are near log 2 whatever was drawn.
        Assert.All(result.Members, member => Assert.InRange(member.History[0].TrainingLoss, 0.1, 3));
    }

    [Fact]
    public void Draw_HardlyAnyRowWithAWeight_IsDrawnUntilOneIsThere()
    {
        var rows = new InMemoryRows(1, 1);
        for (int i = 0; i < 50; i++)
        {
            rows.Add([i], [i], i == 17 ? 0.5f : 0);
        }

        for (int seed = 0; seed < 50; seed++)
        {
            var bag = BootstrapRows.Draw(rows, new SeededRandom(seed));
            int[] drawn = bag.Numbers.ToArray();
            Assert.Equal(0.5 * drawn.Count(row => row == 17), bag.TotalWeight);
            Assert.True(bag.TotalWeight > 0);
            Assert.Equal([drawn[3], drawn[44]], bag.Read(3, 44).Targets.ToArray());
        }
    }

    [Fact]
    public void Train_Snapshots_RunTheScheduleOnceInEveryCycle()
    {
        MlpTrainingResult result = Train(new SquaredError(), _options with
        {
            NumberOfEpochs = 8,
            LearningRate = Schedule.Cosine(0.01f),
            Ensemble = Ensemble.Snapshots(3)
        });
        Assert.Equal([3, 3, 2], result.Members.Select(member => member.History.Count));
        float[] rates = [.. result.History.Select(report => report.LearningRate)];
        Assert.Equal(rates[..3], rates[3..6]);
        Assert.Equal([.. Train(new SquaredError(), _options with { NumberOfEpochs = 2, LearningRate = Schedule.Cosine(0.01f) }).History.Select(report =>
            report.LearningRate)], rates[6..]);

        // Every cycle goes on from the one before.
        MlpModel previous = result.Model.Members[1];
        MlpTrainingOptions last = _options with { NumberOfEpochs = 2, LearningRate = Schedule.Cosine(0.01f), Seed = unchecked(7 + 2 * (int)0x9E3779B9) };
        Assert.Equal(SmallData.Saved(Train(new SquaredError(), last, previous).Model), SmallData.Saved(result.Model.Members[2]));
    }

    [Fact]
    public void Train_MoreCyclesThanEpochs_IsRefused()
    {
        var exception = Assert.Throws<ArgumentException>(() => Train(new SquaredError(), _options with { Ensemble = Ensemble.Snapshots(5) }));
        Assert.Contains("Ensemble is 5 snapshots, which need an epoch each, but NumberOfEpochs is 4; it must be at least 5.", exception.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_AnyNumberOfThreads_SavesTheSameBytes(string kind)
    {
        MlpTrainingOptions options = _options with { Ensemble = Of(kind, 3) };
        byte[] expected = SmallData.Saved(Train(new SoftmaxCrossEntropy(), options).Model);
        Assert.Equal(expected, SmallData.Saved(Train(new SoftmaxCrossEntropy(), options with { NumberOfThreads = 2 }).Model));
        Assert.NotEqual(expected, SmallData.Saved(Train(new SoftmaxCrossEntropy(), options with { Seed = 8 }).Model));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_EveryTask_ScoresTheMeanOfItsMembers(Loss loss, int outputs)
    {
        InMemoryRows rows = SmallData.For(loss, 200, outputs: outputs), validation = SmallData.For(loss, 60, outputs: outputs, seed: 2);
        MlpModel model = MlpTrainer.Train(new(new(4, outputs) { HiddenLayers = [new(6)] }, loss, rows)
        {
            Validation = validation,
            Options = _options with { Ensemble = Ensemble.Bagging(3) },
        }).Model;
        float[] features = RandomModels.Features(model, 20);
        double[] expected = ReferenceScores.Of(model, features);
        Assert.All(RandomModels.Scores(model, features).Zip(expected), pair => Assert.Equal(pair.Second, pair.First,
            1e-5 * Math.Max(1, Math.Abs(pair.Second))));

        // The members differ, or their mean would prove nothing.
        float[] first = RandomModels.Scores(model.Members[0], features), second = RandomModels.Scores(model.Members[1], features);
        Assert.All(first.Zip(second), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(loss.ForModel, model.Loss);
    }

    [Fact]
    public void Train_Reports_NameTheMember()
    {
        var reports = new List<EpochReport>();
        MlpTrainingResult result = Train(
            new SquaredError(), _options with { NumberOfEpochs = 2, Ensemble = Ensemble.Seeds(3) }, progress: new ImmediateProgress(reports.Add));
        Assert.Equal([(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)], reports.Select(report => (report.Member, report.Epoch)));
        Assert.All(reports, report => Assert.Equal((3, 2), (report.Members, report.NumberOfEpochs)));
        Assert.Equal(reports, result.History);
        Assert.Equal(reports, result.Members.SelectMany(member => member.History));
        Assert.True(reports.Zip(reports.Skip(1)).All(pair => pair.First.Elapsed <= pair.Second.Elapsed));
        Assert.Equal((0, TrainingEnd.Completed), (result.BestEpoch, result.End));
    }

    [Fact]
    public void Train_EarlyStopping_IsEachMembersOwn()
    {
        var loss = new SquaredError();
        var options = _options with { NumberOfEpochs = 60, LearningRate = 0.05f, EarlyStopping = new() { Patience = 2 }, Ensemble = Ensemble.Seeds(4) };
        MlpTrainingResult result = MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(6)] }, loss, SmallData.For(loss, 60))
        {
            Validation = SmallData.For(loss, 40, seed: 2),
            Options = options,
        });
        Assert.Equal(TrainingEnd.StoppedEarly, result.End);
        Assert.True(result.Members.Select(member => member.History.Count).Distinct().Count() > 1);
        Assert.All(result.Members, member => Assert.Equal(
            member.History.MinBy(report => report.ValidationLoss)!.Epoch, member.BestEpoch));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(11, 2)]
    public void Train_Cancelled_KeepsTheMembersThatWereCompleted(int afterReports, int members)
    {
        using var source = new CancellationTokenSource();
        int reports = 0;
        var progress = new ImmediateProgress(_ =>
        {
            if (++reports == afterReports)
            {
                source.Cancel();
            }
        });
        MlpTrainingOptions options = _options with { Ensemble = Ensemble.Seeds(3) };
        MlpTrainingResult result = Train(new SquaredError(), options, progress: progress, cancellationToken: source.Token);
        Assert.Equal((TrainingEnd.Cancelled, members, members), (result.End, result.Members.Count, result.Model.Members.Count));
        Assert.Equal(afterReports, result.History.Count);
        if (afterReports >= 4)
        {
            Assert.Equal(SmallData.Saved(Train(new SquaredError(), _options).Model), SmallData.Saved(result.Model.Members[0]));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(8)]
    public void Train_CancelledAndToThrow_Throws(int afterReports)
    {
        using var source = new CancellationTokenSource();
        int reports = 0;
        var progress = new ImmediateProgress(_ =>
        {
            if (++reports == afterReports)
            {
                source.Cancel();
            }
        });
        MlpTrainingOptions options = _options with { ThrowOnCancellation = true, Ensemble = Ensemble.Seeds(3) };
        Assert.ThrowsAny<OperationCanceledException>(() => { Train(new SquaredError(), options, progress: progress, cancellationToken: source.Token); });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_FromAnEnsemble_ContinuesEveryMember(string kind)
    {
        MlpTrainingOptions options = _options with { Ensemble = Of(kind, 3) };
        MlpModel first = Train(new SquaredError(), options).Model, second = Train(new SquaredError(),
            options with { NumberOfEpochs = 3, Seed = 9 }, first).Model;
        Assert.Equal(3, second.Members.Count);
        if (kind == "seeds")
        {
            MlpTrainingOptions alone = _options with { NumberOfEpochs = 3, Seed = unchecked(9 + 2 * (int)0x9E3779B9) };
            Assert.Equal(SmallData.Saved(Train(new SquaredError(), alone, first.Members[2]).Model), SmallData.Saved(second.Members[2]));
        }
        else if (kind == "snapshots")
        {
            Assert.Equal(SmallData.Saved(Train(new SquaredError(), _options with { NumberOfEpochs = 1, Seed = 9 }, first.Members[2]).Model),
                SmallData.Saved(second.Members[0]));
        }
    }

    [Fact]
    public void Train_FromAnotherNumberOfNetworks_IsRefused()
    {
        MlpModel one = Train(new SquaredError(), _options).Model, two = Train(new SquaredError(), _options with { Ensemble = Ensemble.Seeds(2) }).Model;
        Assert.Contains("a model of 2 networks, but Ensemble asks for 1;",
            Assert.Throws<ArgumentException>(() => Train(new SquaredError(), _options, two)).Message, StringComparison.Ordinal);
        Assert.Contains("a model of 1 networks, but Ensemble asks for 3;",
            Assert.Throws<ArgumentException>(() => Train(new SquaredError(), _options with { Ensemble = Ensemble.Bagging(3) }, one)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Of_NoMembers_IsRefused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>("members", () => Ensemble.Seeds(count));
        Assert.Throws<ArgumentOutOfRangeException>("members", () => Ensemble.Bagging(count));
        Assert.Throws<ArgumentOutOfRangeException>("members", () => Ensemble.Bagging(count, validatesOutOfBag: true));
        Assert.Throws<ArgumentOutOfRangeException>("folds", () => Ensemble.CrossFitted(count + 1));
        Assert.Throws<ArgumentOutOfRangeException>("cycles", () => Ensemble.Snapshots(count));
    }

    [Fact]
    public void ToString_AnyKind_IsForPeople()
    {
        Assert.Equal("3 seeds, 3 bags, 3 snapshots", $"{Ensemble.Seeds(3)}, {Ensemble.Bagging(3)}, {Ensemble.Snapshots(3)}");
        Assert.Equal("3 bags, validated out of bag; 3 cross-fitted networks", $"{Ensemble.Bagging(3, validatesOutOfBag: true)}; {Ensemble.CrossFitted(3)}");
    }

    private static Ensemble Of(string kind, int members) => kind switch
    {
        "seeds" => Ensemble.Seeds(members),
        "bagging" => Ensemble.Bagging(members),
        "out of bag" => Ensemble.Bagging(members, validatesOutOfBag: true),
        "cross-fitted" => Ensemble.CrossFitted(members),
        _ => Ensemble.Snapshots(members),
    };

    private static EpochReport Timeless(EpochReport report) => report with { Elapsed = default };

    private static MlpTrainingResult Train(
        Loss loss, MlpTrainingOptions options, MlpModel? initial = null, IProgress<EpochReport>? progress = null,
            CancellationToken cancellationToken = default) =>
        MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(6) { Dropout = 0.1f }] }, loss, SmallData.For(loss, 100))
        {
            Options = options,
            InitialModel = initial,
            Progress = progress,
            CancellationToken = cancellationToken,
        });
}
