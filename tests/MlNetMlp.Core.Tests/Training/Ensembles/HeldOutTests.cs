using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Ensembles whose networks are validated on rows that they do not learn from.</summary>
public sealed class HeldOutTests
{
    private const int Rows = 90, Classes = 3;

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 6, LearningRate = 0.02f, NumberOfThreads = 1, Seed = 5 };

    public static TheoryData<string> Kinds => ["out of bag", "cross-fitted", "out of bag, shared", "cross-fitted, shared"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_Members_AreValidatedOnRowsThatTheyDoNotLearnFrom(string kind)
    {
        var loss = new SoftmaxCrossEntropy();
        MlpTrainingResult result = Train(kind, loss, Classes, SmallData.For(loss, Rows), out int[][] heldOut);

        for (int m = 0; m < heldOut.Length; m++)
        {
            // Cross-entropies as their formula says; what a training reports is summed from logits.
            double expected = heldOut[m].Average(row => -Math.Log(Scores(result.Model.Networks[m], loss, row)[ClassOf(loss, row)]));
            EpochReport best = result.Members[m].History.Single(report => report.Epoch == result.Members[m].BestEpoch);
            Assert.Equal(expected, best.ValidationLoss!.Value, 1e-5);
            Assert.Equal(result.Members[m].History.Min(report => report.ValidationLoss), best.ValidationLoss);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_HeldOutLoss_IsThatOfTheMembersThatDidNotLearnFromARow(string kind)
    {
        var loss = new SoftmaxCrossEntropy();
        MlpTrainingResult result = Train(kind, loss, Classes, SmallData.For(loss, Rows), out int[][] heldOut);

        List<double> losses = [];
        int hits = 0;
        for (int row = 0; row < Rows; row++)
        {
            float[][] scores = [.. result.Model.Networks.Where((_, m) => heldOut[m].Contains(row)).Select(member => Scores(member, loss, row))];
            if (scores.Length > 0)
            {
                double[] mean = [.. Enumerable.Range(0, Classes).Select(k => scores.Average(values => (double)values[k]))];
                losses.Add(-Math.Log(mean[ClassOf(loss, row)]));
                hits += Array.IndexOf(mean, mean.Max()) == ClassOf(loss, row) ? 1 : 0;
            }
        }

        Assert.Equal(losses.Count, result.HeldOutRows);
        Assert.Equal(losses.Average(), result.HeldOutLoss!.Value, 1e-5);
        Assert.Equal(hits / (double)losses.Count, result.HeldOutMetric!.Value, 1e-9);
        Assert.NotEqual(result.HeldOutLoss, result.Members.Average(member => member.History[^1].ValidationLoss));
    }

    /// <summary>Half of the squared distance in the units that are learned: standard deviations of the labels.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_HeldOutLossOfValues_IsInUnitsOfTheValidationLoss(string kind)
    {
        var loss = new SquaredError();
        MlpTrainingResult result = Train(kind, loss, 1, SmallData.For(loss, Rows, outputs: 1), out int[][] heldOut);
        float[] targets = [.. Enumerable.Range(0, Rows).Select(row => SmallData.Row(loss, row, outputs: 1).Targets[0])];
        double mean = targets.Average(), variance = targets.Average(value => Math.Pow(value - mean, 2));

        double[] squares = [.. Enumerable.Range(0, Rows).Where(row => heldOut.Any(rows => rows.Contains(row))).Select(row => Math.Pow(
            result.Model.Networks.Where((_, m) => heldOut[m].Contains(row)).Average(member => (double)Scores(member, loss, row)[0]) - targets[row], 2))];

        Assert.Equal(squares.Average() / variance / 2, result.HeldOutLoss!.Value, 1e-4 * result.HeldOutLoss.Value);
        Assert.Equal(Math.Sqrt(squares.Average()), result.HeldOutMetric!.Value, 1e-4 * result.HeldOutMetric.Value);
    }

    /// <summary>Log-odds of the mean probability, not the mean of the log-odds; class weights count in the loss alone.</summary>
    [Fact]
    public void Train_TwoClasses_AverageProbabilities()
    {
        var loss = new SigmoidCrossEntropy { ClassWeights = ClassWeights.Of(1, 3) };
        MlpTrainingResult result = Train("out of bag", loss, 1, SmallData.For(loss, Rows), out int[][] heldOut);

        double sum = 0, weights = 0;
        foreach (int row in Enumerable.Range(0, Rows).Where(row => heldOut.Any(rows => rows.Contains(row))))
        {
            double p = result.Model.Networks.Where((_, m) => heldOut[m].Contains(row)).Average(member => 1 / (1 + Math.Exp(-Scores(member, loss, row)[0])));
            bool isPositive = ClassOf(loss, row) == 1;
            sum += (isPositive ? 3 : 1) * -Math.Log(isPositive ? p : 1 - p);
            weights += isPositive ? 3 : 1;
        }

        Assert.Equal(sum / weights, result.HeldOutLoss!.Value, 1e-5);
    }

    [Fact]
    public void RowsOf_Bag_HoldsOutWhatWasNotDrawn()
    {
        var loss = new SquaredError();
        TrainingTask task = Task("out of bag", loss, 1, SmallData.For(loss, Rows, outputs: 1));

        for (int member = 0; member < 4; member++)
        {
            MemberRows rows = RowsOf(task, member);
            Assert.Equal(Rows, rows.Training.Count);
            Assert.Equal(Enumerable.Range(0, Rows).Except(rows.Training.Numbers.ToArray()), rows.HeldOut!.Numbers.ToArray());
            Assert.Equal(rows.HeldOut.Count, rows.HeldOutWeight);
        }
    }

    /// <summary>Every row is held out once, and every fold has its share of every class.</summary>
    [Fact]
    public void RowsOf_Folds_SpreadEveryClass()
    {
        var loss = new SoftmaxCrossEntropy();
        TrainingTask task = Task("cross-fitted", loss, Classes, SmallData.For(loss, Rows));
        MemberRows[] members = [.. Enumerable.Range(0, 4).Select(member => RowsOf(task, member))];

        Assert.Equal(Enumerable.Range(0, Rows), members.SelectMany(rows => rows.HeldOut!.Numbers.ToArray()).Order());
        Assert.All(members, rows => Assert.Equal(Enumerable.Range(0, Rows).Except(rows.HeldOut!.Numbers.ToArray()), rows.Training.Numbers.ToArray()));
        for (int k = 0; k < Classes; k++)
        {
            int[] counts = Array.ConvertAll(members, rows => rows.HeldOut!.Numbers.ToArray().Count(row => ClassOf(loss, row) == k));
            Assert.True(counts.Max() - counts.Min() <= 1);
        }

        Assert.NotEqual(Enumerable.Range(0, Rows / 4 + 1), members[0].HeldOut!.Numbers.ToArray());
    }

    /// <summary>Three rows with a weight, each of another class, among many without: still one for each fold.</summary>
    [Fact]
    public void RowsOf_FewRowsWithAWeight_AreInDifferentFolds()
    {
        var rows = new InMemoryRows(4, 1);
        for (int i = 0; i < Rows; i++)
        {
            rows.Add([i, 2, 3, 4], [i % Classes], i is 10 or 41 or 60 or 63 ? 1 : 0);
        }

        TrainingTask task = Task("cross-fitted", new SoftmaxCrossEntropy(), Classes, rows);
        Assert.All(Enumerable.Range(0, 4), member => Assert.Equal((3, 1), (RowsOf(task, member).Weight, RowsOf(task, member).HeldOutWeight)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_AnyNumberOfThreads_HasTheSameHeldOutLoss(string kind)
    {
        var loss = new SoftmaxCrossEntropy();
        TrainingTask task = Task(kind, loss, Classes, SmallData.For(loss, Rows));
        MlpTrainingResult one = MlpTrainer.Train(task), two = MlpTrainer.Train(task with { Options = task.Options with { NumberOfThreads = 3 } });

        Assert.Equal((one.HeldOutLoss, one.HeldOutMetric), (two.HeldOutLoss, two.HeldOutMetric));
        Assert.NotEqual(one.HeldOutLoss, MlpTrainer.Train(task with { Options = task.Options with { Seed = 6 } }).HeldOutLoss);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_EarlyStoppingByMetric_IsEachMembersOwn(string kind)
    {
        var loss = new SoftmaxCrossEntropy();
        TrainingTask task = Task(kind, loss, Classes, SmallData.For(loss, Rows));
        MlpTrainingResult result = MlpTrainer.Train(task with
        {
            Options = task.Options with { NumberOfEpochs = 200, EarlyStopping = new() { Patience = 3, Monitor = MonitoredQuantity.Metric } },
        });

        Assert.All(result.Members, member => Assert.Equal(TrainingEnd.StoppedEarly, member.End));
        Assert.All(result.Members, member => Assert.Equal(member.History.Max(report => report.ValidationMetric),
            member.History[member.BestEpoch - 1].ValidationMetric));
    }

    [Fact]
    public void Train_OtherEnsembles_HaveNoHeldOutLoss()
    {
        var loss = new SquaredError();
        TrainingTask task = Task("out of bag", loss, 1, SmallData.For(loss, Rows, outputs: 1));
        MlpTrainingResult result = MlpTrainer.Train(task with { Options = task.Options with { Ensemble = Ensemble.Bagging(2) } });

        Assert.Equal((null, null, 0), (result.HeldOutLoss, result.HeldOutMetric, result.HeldOutRows));
        Assert.All(result.History, report => Assert.Null(report.ValidationLoss));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_ValidationRowsOrTooFewRows_AreRefused(string kind)
    {
        var loss = new SquaredError();
        InMemoryRows rows = SmallData.For(loss, Rows, outputs: 1), one = SmallData.For(loss, 1, outputs: 1), weightless = new(4, 1);
        for (int i = 0; i < 20; i++)
        {
            weightless.Add([i, 2, 3, 4], [i], i == 7 ? 1 : 0);
        }

        Assert.Contains("No validation rows may be given beside",
            Assert.Throws<ArgumentException>(() => MlpTrainer.Train(Task(kind, loss, 1, rows) with { Validation = rows })).Message, StringComparison.Ordinal);
        Assert.Contains("but there are 1 training rows; at least",
            Assert.Throws<ArgumentException>(() => MlpTrainer.Train(Task(kind, loss, 1, one))).Message, StringComparison.Ordinal);
        Assert.Contains("positive weight", Assert.Throws<ArgumentException>(() => MlpTrainer.Train(Task(kind, loss, 1, weightless))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-fitted")]
    [InlineData("cross-fitted, shared")]
    public void Groups_OfACrossFittedEnsemble_StayTogether_InPartsOfNearlyAsManyRows(string kind)
    {
        var loss = new SquaredError();
        IRowSource rows = SmallData.For(loss, 100);
        long[] groups = [.. Enumerable.Range(0, 100).Select(row => (long)(row * row % 23) * 1_000_000_007)];
        TrainingTask task = Task(kind, loss, 3, rows) with { RowGroups = groups };

        int[][] heldOut = [.. Enumerable.Range(0, 4).Select(member => RowsOf(task, member).HeldOut!.Numbers.ToArray())];

        Assert.Equal(Enumerable.Range(0, 100), heldOut.SelectMany(part => part).Order());
        Assert.All(heldOut, part => Assert.Empty(
            part.Select(row => groups[row]).Intersect(Enumerable.Range(0, 100).Except(part).Select(row => groups[row]))));

        // Twelve squares modulo 23, of which all but one are there eight or ten times.
        Assert.All(heldOut, part => Assert.InRange(part.Length, 20, 30));
        Assert.NotEqual(heldOut[0], RowsOf(task with { Options = task.Options with { Seed = 99 } }, 0).HeldOut!.Numbers.ToArray());
    }

    /// <summary>As many groups as there are, drawn with replacement, each with all of its rows.</summary>
    [Theory]
    [InlineData("out of bag")]
    [InlineData("out of bag, shared")]
    public void Groups_OfABag_AreDrawnAsAWhole(string kind)
    {
        var loss = new SquaredError();
        long[] groups = [.. Enumerable.Range(0, 100).Select(row => (long)(row * row % 23) * 1_000_000_007)];
        TrainingTask task = Task(kind, loss, 3, SmallData.For(loss, 100)) with { RowGroups = groups };

        for (int member = 0; member < 4; member++)
        {
            MemberRows rows = RowsOf(task, member);
            int[] drawn = rows.Training.Numbers.ToArray(), heldOut = rows.HeldOut!.Numbers.ToArray();
            int[] times = [.. groups.Distinct().Select(group => Assert.Single(
                Enumerable.Range(0, 100).Where(row => groups[row] == group).Select(row => drawn.Count(number => number == row)).Distinct()))];

            Assert.Equal(groups.Distinct().Count(), times.Sum());
            Assert.Equal(Enumerable.Range(0, 100).Except(drawn), heldOut);
            Assert.Equal((drawn.Length, heldOut.Length), (rows.Weight, rows.HeldOutWeight));
            Assert.NotEmpty(heldOut);
        }

        Assert.NotEqual(RowsOf(task, 0).Training.Numbers.ToArray(), RowsOf(task, 1).Training.Numbers.ToArray());
        Assert.InRange(MlpTrainer.Train(task).HeldOutRows, 1, 100);
    }

    [Fact]
    public void Groups_TooFewOrOfOtherRows_AreRefused()
    {
        var loss = new SquaredError();
        IRowSource rows = SmallData.For(loss, 30);

        Assert.Contains("only 3 groups", Assert.Throws<ArgumentException>(() => MlpTrainer.Train(Task("cross-fitted", loss, 3, rows) with
        {
            RowGroups = [.. Enumerable.Range(0, 30).Select(row => (long)row % 3)],
        })).Message, StringComparison.Ordinal);
        Assert.Contains("Less than two groups", Assert.Throws<ArgumentException>(() => MlpTrainer.Train(Task("out of bag", loss, 3, rows) with
        {
            RowGroups = new long[30],
        })).Message, StringComparison.Ordinal);
        Assert.Contains("groups of 2 rows; there are 30", Assert.Throws<ArgumentException>(() =>
            MlpTrainer.Train(Task("cross-fitted", loss, 3, rows) with { RowGroups = [1, 2] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_OfOtherGroups_IsAnother()
    {
        var loss = new SquaredError();
        TrainingTask task = Task("cross-fitted", loss, 3, SmallData.For(loss, 30)), single = task with { Options = task.Options with { Ensemble = null } };
        long[] one = [.. Enumerable.Range(0, 30).Select(row => (long)row % 10)], other = [.. Enumerable.Range(0, 30).Select(row => (long)row / 3)];

        Assert.Contains("RowGroups", Assert.Single(Of(task, one).DifferencesFrom(Of(task, other))), StringComparison.Ordinal);
        Assert.Single(Of(task, one).DifferencesFrom(Of(task, null)));
        Assert.Empty(Of(single, one).DifferencesFrom(Of(single, other)));

        static TrainingFingerprint Of(TrainingTask task, long[]? groups) => (task with { RowGroups = groups }).Fingerprint(CancellationToken.None);
    }

    private static MlpTrainingResult Train(string kind, Loss loss, int outputs, IRowSource rows, out int[][] heldOut)
    {
        TrainingTask task = Task(kind, loss, outputs, rows);
        MlpTrainingResult result = MlpTrainer.Train(task);
        heldOut = [.. Enumerable.Range(0, 4).Select(member => RowsOf(task, member).HeldOut!.Numbers.ToArray())];
        return result;
    }

    private static MemberRows RowsOf(TrainingTask task, int member) =>
        task.Options.EnsembleOfNetworks!.RowsOf(task.Rows, task.Loss, task.RowGroups, task.Options.SeedOrDefault, member, CancellationToken.None)!;

    private static TrainingTask Task(string kind, Loss loss, int outputs, IRowSource rows) =>
        new(new(4, outputs) { HiddenLayers = [new(8)] }, loss, rows)
        {
            Options = _options with
            {
                Ensemble = kind switch
                {
                    "out of bag" => Ensemble.Bagging(4, validatesOutOfBag: true),
                    "cross-fitted" => Ensemble.CrossFitted(4),
                    "out of bag, shared" => Ensemble.Bagging(4, validatesOutOfBag: true).Of(Ensemble.Shared(2)),
                    _ => Ensemble.CrossFitted(4).Of(Ensemble.Shared(2)),
                },
            },
        };

    private static float[] Scores(MlpModel model, Loss loss, int row)
    {
        float[] scores = new float[model.OutputCount];
        model.Predict(SmallData.Row(loss, row, outputs: Math.Max(model.OutputCount, 1)).Features, scores);
        return scores;
    }

    private static int ClassOf(Loss loss, int row) => (int)SmallData.Row(loss, row).Targets[0];
}
