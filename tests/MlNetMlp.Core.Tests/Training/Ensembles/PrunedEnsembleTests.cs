namespace MlNetMlp.Core.Tests;

/// <summary>Of members that share a network those stay that are the best for each other.</summary>
public sealed class PrunedEnsembleTests : IDisposable
{
    private const int Members = 6, Kept = 3;

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 6, BatchSize = 16, NumberOfThreads = 1, Seed = 7, LearningRate = 0.01f };

    private static readonly Ensemble _pruned = Ensemble.Shared(Members).PrunedTo(Kept);

    /// <summary>The inverse of the number of training rows of each class.</summary>
    private static readonly Lazy<double[]> _balanced = new(() =>
    {
        float[] targets = [.. Enumerable.Range(0, 90).Select(row => SmallData.Row(new SoftmaxCrossEntropy(), row).Targets[0])];
        return [.. Enumerable.Range(0, 3).Select(label => 30.0 / targets.Count(target => target == label))];
    });

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Loss, int> Losses => new()
    {
        { new SoftmaxCrossEntropy(), 3 },
        { new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }, 3 },
        { new SigmoidCrossEntropy(), 1 },
        { new SquaredError(), 1 },
    };

    public void Dispose() => _folder.Dispose();

    /// <summary>A search of its own, in double precision and by the public scores alone; and the loss of what it finds.</summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_Pruned_KeepsWhatAGreedySearchFinds(Loss loss, int outputs)
    {
        InMemoryRows validation = Validation(loss, outputs);
        MlpModel all = Train(loss, outputs, Ensemble.Shared(Members), validation).Model;
        foreach (int count in (int[])[1, Kept, Members - 1])
        {
            MlpTrainingResult result = Train(loss, outputs, Ensemble.Shared(Members).PrunedTo(count), validation);
            (int[] kept, double lowest) = Greedy(all, validation.Read(), count, loss);
            Assert.Equal(kept, result.KeptMembers);
            Assert.Equal((count, 1, 0), (result.Model.Members.Count, result.Model.Networks.Count, result.Members.Count));
            if (loss is not (SquaredError or SoftmaxCrossEntropy { ClassWeights: not null }))
            {
                Assert.Equal(lowest, result.KeptMembersLoss!.Value, 1e-5);
            }
        }
    }

    /// <summary>The best for each other are not always the best alone: the trainings above can tell one search from the other.</summary>
    [Fact]
    public void Greedy_SearchOfTheTests_LooksAtMembersTogether() => Assert.Contains(Losses.AsEnumerable(), training =>
    {
        (Loss loss, int outputs) = ((Loss)training[0], (int)training[1]);
        RowBatch validation = Validation(loss, outputs).Read();
        MlpModel all = Train(loss, outputs, Ensemble.Shared(Members), Validation(loss, outputs)).Model;
        IEnumerable<int> alone = Enumerable.Range(0, Members).OrderBy(member => LossOf(all, validation, [member], loss)).Select(member => member + 1);
        return ((int[])[Kept, Members - 1]).Any(count => !alone.Take(count).Order().SequenceEqual(Greedy(all, validation, count, loss).Members));
    });

    [Theory]
    [MemberData(nameof(Losses))]
    public void Predict_PrunedModel_IsTheMeanOfTheMembersThatStay(Loss loss, int outputs)
    {
        InMemoryRows validation = Validation(loss, outputs);
        MlpModel all = Train(loss, outputs, Ensemble.Shared(Members), validation).Model;
        foreach (int count in (int[])[1, Kept, Members])
        {
            MlpTrainingResult result = Train(loss, outputs, Ensemble.Shared(Members).PrunedTo(count), validation);
            Assert.Equal(count == Members ? 0 : count, result.KeptMembers.Count);
            IEnumerable<int> kept = count == Members ? Enumerable.Range(1, Members) : result.KeptMembers;
            float[] features = RandomModels.Features(all, 50), scores = RandomModels.Scores(result.Model, features);
            float[][] separate = [.. kept.Select(member => RandomModels.Scores(all.Members[member - 1], features))];
            double[] expected = [.. scores.Select((_, i) => Average(loss, separate, i))];
            Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * Math.Max(1, Math.Abs(pair.First))));
        }
    }

    /// <summary>Which needs no validation rows either.</summary>
    [Fact]
    public void PrunedTo_AllMembers_IsTheSameEnsemble()
    {
        Assert.Equal(Ensemble.Shared(Members), Ensemble.Shared(Members).PrunedTo(Members));
        Assert.Equal(Ensemble.Shared(Members), _pruned.PrunedTo(Members));
    }

    /// <summary>Also with parameters between those of the members, and with statistics.</summary>
    [Fact]
    public void Save_PrunedModel_IsASharedModelWithFewerMembers()
    {
        foreach (string name in (string[])["shared", "shared, normalized", "shared, linear"])
        {
            MlpModel all = RandomModels.Named(name);
            int[] kept = all.Architecture.SharedMembers > 2 ? [0, 2] : [1];
            MlpModel pruned = all.WithMembers(kept), loaded = MlpModel.Load(new MemoryStream(SmallData.Saved(pruned)));
            float[] features = RandomModels.Features(all, 20);
            Assert.Equal(Bits.Of(RandomModels.Scores(pruned, features)), Bits.Of(RandomModels.Scores(loaded, features)));
            Assert.Equal(kept.Length, loaded.Architecture.SharedMembers);
            Assert.True(SmallData.Saved(pruned).Length < SmallData.Saved(all).Length);
            for (int m = 0; m < kept.Length; m++)
            {
                Assert.Equal(Bits.Of(RandomModels.Scores(all.Members[kept[m]], features)), Bits.Of(RandomModels.Scores(loaded.Members[m], features)));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_AnyNumberOfThreads_SavesTheSameBytes(int threads)
    {
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(120, 3) { HiddenLayers = [new(150) { Dropout = 0.1f }, new(70)] };
        byte[] Bytes(int count) => SmallData.Saved(MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 300, features: 120))
        {
            Options = _options with { NumberOfEpochs = 2, BatchSize = 100, NumberOfThreads = count, Ensemble = _pruned },
            Validation = SmallData.For(loss, 100, features: 120, seed: 2),
            UsesAllThreads = true,
        }).Model);
        Assert.Equal(Bytes(1), Bytes(threads));
    }

    /// <summary>Each network keeps members of its own, chosen by the rows that it did not learn from.</summary>
    [Fact]
    public void Train_CrossFitted_PrunesEachNetworkByItsOwnRows()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 90);
        MlpModel all = Train(loss, 3, Ensemble.CrossFitted(2).Of(Ensemble.Shared(Members)), null).Model;
        MlpTrainingResult result = Train(loss, 3, Ensemble.CrossFitted(2).Of(_pruned), null);
        Assert.Equal((2 * Kept, 2, 0), (result.Model.Members.Count, result.Model.Networks.Count, result.KeptMembers.Count));
        for (int i = 0; i < 2; i++)
        {
            int[] heldOut = Ensemble.CrossFitted(2).RowsOf(rows, loss, null, 7, i, CancellationToken.None)!.HeldOut!.Numbers.ToArray();
            Assert.Equal(Greedy(all.Networks[i], rows.Read(heldOut), Kept, loss).Members, result.Members[i].KeptMembers);
            Assert.Equal(SmallData.Saved(result.Members[i].Model), SmallData.Saved(result.Model.Networks[i]));
        }

        string[] sentences = [.. result.Sentences()];
        Assert.Contains(sentences, sentence => sentence.StartsWith(
            $"Pruned: of the shared members of network 2 those with the numbers {string.Join(", ", result.Members[1].KeptMembers)} are kept; " +
            "their validation loss is ", StringComparison.Ordinal));
        Assert.True(result.HeldOutLoss > 0);
    }

    [Fact]
    public void Train_StoppedAfterAnyEpoch_ContinuesBitForBit()
    {
        var loss = new SoftmaxCrossEntropy();
        new InterruptedTraining(new(4, 3) { HiddenLayers = [new(9)] }, loss, _options with { NumberOfEpochs = 3, Ensemble = Ensemble.Seeds(2).Of(_pruned) })
        {
            Validation = Validation(loss, 3),
        }.AssertContinues(_folder);
    }

    [Fact]
    public void Train_ContinuedFromAPrunedModel_TakesTheMembersThatStayed()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows validation = Validation(loss, 3);
        MlpModel pruned = Train(loss, 3, _pruned, validation).Model;
        Assert.Equal(Kept, Train(loss, 3, Ensemble.Shared(Kept), validation, pruned).Model.Members.Count);
        Assert.Equal(Ensemble.Shared(Kept), Ensemble.Continuing(pruned, _pruned));
        Assert.Contains("it has 3 shared members, and the options ask for 6 (Ensemble.Shared)",
            Assert.Throws<ArgumentException>(() => Train(loss, 3, _pruned, validation, pruned)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NothingToChooseBy_IsRefused() => Assert.Equal(
        "Ensemble is 6 shared members, pruned to 3, but there are no validation rows to choose members by; rows must be given or set aside " +
        "(ValidationFraction in a trainer of ML.NET), or PrunedTo left out.",
        Assert.Throws<ArgumentException>(() => Train(new SoftmaxCrossEntropy(), 3, _pruned, null)).Message);

    [Fact]
    public void PrunedTo_WhatIsNotThere_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("members", () => Ensemble.Shared(4).PrunedTo(0));
        Assert.Throws<ArgumentOutOfRangeException>("members", () => Ensemble.Shared(4).PrunedTo(5));
        Assert.Contains("5 seeds cannot be pruned; only members that share a network can", Assert.Throws<InvalidOperationException>(
            () => Ensemble.Seeds(5).PrunedTo(2)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Ensemble.Seeds(5).Of(Ensemble.Shared(4)).PrunedTo(2));
        Assert.NotEqual(Ensemble.Shared(4), Ensemble.Shared(4).PrunedTo(2));
        Assert.Equal("3 cross-fitted networks, each of 6 shared members, pruned to 3", Ensemble.CrossFitted(3).Of(_pruned).ToString());
    }

    /// <summary>Rows of different weights.</summary>
    private static InMemoryRows Validation(Loss loss, int outputs)
    {
        var rows = new InMemoryRows(4, 1);
        for (int i = 0; i < 70; i++)
        {
            (float[] features, float[] targets) = SmallData.Row(loss, i, outputs: outputs, seed: 2);
            rows.Add(features, targets, 1 + (i % 3));
        }

        return rows;
    }

    private static MlpTrainingResult Train(Loss loss, int outputs, Ensemble ensemble, IRowSource? validation, MlpModel? initial = null) =>
        MlpTrainer.Train(new(
            new(4, outputs) { HiddenLayers = [new(9), new(6) { Activation = Activation.Tanh }] }, loss, SmallData.For(loss, 90, outputs: outputs))
        {
            Options = _options with { Ensemble = ensemble },
            Validation = validation,
            InitialModel = initial,
        });

    private static (int[] Members, double Loss) Greedy(MlpModel model, RowBatch rows, int count, Loss loss)
    {
        int[] chosen = [];
        while (chosen.Length < count)
        {
            double lowest = double.PositiveInfinity;
            int next = -1;
            for (int m = 0; m < model.Members.Count; m++)
            {
                double now = chosen.Contains(m) ? double.PositiveInfinity : LossOf(model, rows, [.. chosen, m], loss);
                (lowest, next) = now < lowest ? (now, m) : (lowest, next);
            }

            chosen = [.. chosen, next];
        }

        return ([.. chosen.Select(member => member + 1).Order()], LossOf(model, rows, chosen, loss));
    }

    private static double LossOf(MlpModel model, RowBatch rows, int[] members, Loss loss)
    {
        float[][] scores = [.. members.Select(member => RandomModels.Scores(model.Members[member], rows.Features.ToArray()))];
        int outputs = model.OutputCount;
        double sum = 0, weights = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            float target = rows.Targets[i];
            double score = Average(loss, scores, loss is MulticlassLoss ? i * outputs + (int)target : i);
            double weight = rows.Weights[i] * (loss is SoftmaxCrossEntropy { ClassWeights: not null } ? _balanced.Value[(int)target] : 1);
            sum += weight * (loss is SquaredError ? Math.Pow(score - target, 2)
                : loss is MulticlassLoss ? -Math.Log(score) : Math.Log(1 + Math.Exp(target > 0.5f ? -score : score)));
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>The mean of the members' scores, of two classes the log-odds of the mean probability.</summary>
    private static double Average(Loss loss, float[][] scores, int i)
    {
        double mean = scores.Average(ofMember => loss is SigmoidCrossEntropy ? 1 / (1 + Math.Exp(-ofMember[i])) : (double)ofMember[i]);
        return loss is SigmoidCrossEntropy ? Math.Log(mean / (1 - mean)) : mean;
    }
}
