using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Shards that exchange less than a whole gradient in every step.</summary>
public class RareExchangeTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(12)] };

    /// <summary>Nothing is drawn at random or learned from all rows, so that each shard's steps are those of a training with its rows alone.</summary>
    private static readonly MlpTrainingOptions _plain = new()
    {
        NumberOfEpochs = 1,
        LearningRate = 0.02f,
        FeatureScaling = FeatureScaling.None,
        OutputBiasFromTargets = false,
        Shuffle = false,
        NumberOfThreads = 1,
    };

    /// <summary>
    /// The first step is exchanged at once, all others at the end of the epoch: each time the parameters are the mean of those of two trainings, each with the
    /// rows of a shard.
    /// </summary>
    [Fact]
    public void LocalSteps_AreTrainingsOfTheShards_AndThenTheirMean()
    {
        MlpTrainingOptions plain = _plain with { Optimizer = new Sgd(), BatchSize = 8, Shards = 2, LocalSteps = 8 }, ofShard = plain with
        {
            BatchSize = 4,
            Shards = 1,
            LocalSteps = 1,
        };
        MlpModel first = Train(Rows(0, 4, 32, 36), plain, null).Model;
        AssertMean(first.Values.ToArray(), Values(Rows(0, 4), ofShard), Values(Rows(32, 36), ofShard));

        float[] found = Values(Rows(0, 64), plain);

        AssertMean(found, Continued(Rows(4, 32)), Continued(Rows(36, 64)));
        Assert.NotEqual(found, Values(Rows(0, 64), plain with { LocalSteps = 4 }));

        float[] Continued(InMemoryRows rows) =>
            MlpTrainer.Train(new(_architecture, _loss, rows) { Options = ofShard, InitialModel = first }).Model.Values.ToArray();

        static void AssertMean(float[] found, float[] one, float[] two) => Assert.Equal(one.Zip(two, (a, b) => (a + b) / 2), found);
    }

    /// <summary>
    /// The weights do not move, and all mini-batches are the same, so every shard has the same gradient in every step: what it sends is that, with what
    /// was left before, rounded to eight bits by another computation; and so is the sum.
    /// </summary>
    [Fact]
    public async Task SixteenBits_AreTheGradientWithWhatWasLeftBefore()
    {
        var rows = new InMemoryRows(4, 1);
        for (int shard = 0; shard < 2; shard++)
        {
            for (int batch = 0; batch < 6; batch++)
            {
                AddTo(rows, 4 * shard, 4 * shard + 4);
            }
        }

        MlpTrainingOptions options = _plain with { BatchSize = 8, Shards = 2, Optimizer = new Sgd(), LearningRate = 1e-30f };
        (float[][] First, float[][] Second, float[][] Totals) exact = await Exchanged(rows, options);
        (float[][] First, float[][] Second, float[][] Totals) sent = await Exchanged(rows, options with { GradientPrecision = GradientPrecision.BFloat16 });

        int length = exact.First[0].Length;
        float[] ofFirst = new float[length], ofSecond = new float[length], ofTotal = new float[length];
        for (int step = 0; step < exact.First.Length; step++)
        {
            Assert.Equal(exact.First[0], exact.First[step]);
            float[] first = Feed(exact.First[0], ofFirst), second = Feed(exact.Second[0], ofSecond);
            Assert.Equal(first, sent.First[step]);
            Assert.Equal(second, sent.Second[step]);
            Assert.Equal(Feed([.. first.Zip(second, (one, two) => one + two)], ofTotal), sent.Totals[step]);
        }

        Assert.Equal(6, sent.Totals.Length);
        Assert.NotEqual(sent.First[0], sent.First[1]);

        static float[] Feed(float[] gradient, float[] rest)
        {
            float[] sums = [.. gradient.Zip(rest, (g, e) => g + e)], sent = [.. sums.Select(BFloat16Tests.Rounded)];
            sums.Zip(sent, (sum, one) => sum - one).ToArray().CopyTo(rest, 0);
            return sent;
        }
    }

    [Theory]
    [InlineData("AdamW", 1, GradientPrecision.BFloat16)]
    [InlineData("Momentum", 1, GradientPrecision.BFloat16)]
    [InlineData("AdamW", 4, GradientPrecision.Full)]
    [InlineData("AdamW", 8, GradientPrecision.Full)]
    [InlineData("NAdam", 8, GradientPrecision.Full)]
    [InlineData("RAdam", 8, GradientPrecision.Full)]
    [InlineData("Muon", 4, GradientPrecision.Full)]
    [InlineData("Muon", 8, GradientPrecision.Full)]
    [InlineData("Momentum", 4, GradientPrecision.Full)]
    [InlineData("Momentum", 8, GradientPrecision.Full)]
    public void Loss_IsNearThatOfTheExactTraining(string optimizer, int localSteps, GradientPrecision precision)
    {
        var options = new MlpTrainingOptions
        {
            Optimizer = OptimizerCase.All.First(line => line.Name == optimizer).Optimizer,
            LearningRate = Schedule.Cosine(optimizer == "Momentum" ? 0.02f : 0.002f),
            NumberOfEpochs = 20,
            BatchSize = 64,
            Shards = 4,
            Seed = 5,
            NumberOfThreads = 1,
        };
        double exact = LossOf(options), found = LossOf(options with { LocalSteps = localSteps, GradientPrecision = precision });

        Assert.NotEqual(exact, found);
        Assert.InRange(found, 0, 1.01 * exact);

        static double LossOf(MlpTrainingOptions options) => MlpTrainer.Train(
            new(new MlpArchitecture(4, 3) { HiddenLayers = [new(24), new(24)] }, _loss, SmallData.For(_loss, 4000))
            {
                Options = options,
                Validation = SmallData.For(_loss, 2000, seed: 2),
            }).History[^1].ValidationLoss!.Value;
    }

    private static InMemoryRows Rows(params ReadOnlySpan<int> ranges)
    {
        var rows = new InMemoryRows(4, 1);
        for (int i = 0; i < ranges.Length; i += 2)
        {
            AddTo(rows, ranges[i], ranges[i + 1]);
        }

        return rows;
    }

    private static void AddTo(InMemoryRows rows, int first, int end)
    {
        for (int row = first; row < end; row++)
        {
            (float[] x, float[] y) = SmallData.Row(_loss, row, 4, 3, seed: 1);
            rows.Add(x, y);
        }
    }

    private static float[] Values(InMemoryRows rows, MlpTrainingOptions options) => Train(rows, options, null).Model.Values.ToArray();

    private static MlpTrainingResult Train(InMemoryRows rows, MlpTrainingOptions options, IShardExchange? exchange) =>
        MlpTrainer.Train(new(_architecture, _loss, rows) { Options = options, Exchange = exchange });

    /// <summary>Trains on two threads with a shard each; returns what each has sent, and the sums.</summary>
    private static async Task<(float[][] First, float[][] Second, float[][] Totals)> Exchanged(InMemoryRows rows, MlpTrainingOptions options)
    {
        using var meeting = new MeetingExchange.Meeting([0, 1, 2]);
        Recording[] places = [new(new MeetingExchange(meeting, 0)), new(new MeetingExchange(meeting, 1))];
        await Task.WhenAll(places.Select(place => Task.Factory.StartNew(
            () => Train(rows, options, place), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(places[0].Totals, places[1].Totals);
        return ([.. places[0].Sent], [.. places[1].Sent], [.. places[0].Totals]);
    }

    /// <summary>Keeps what the shard sends and what comes of it.</summary>
    private sealed class Recording(MeetingExchange exchange) : IShardExchange
    {
        public List<float[]> Sent { get; } = [];

        public List<float[]> Totals { get; } = [];

        public int First => exchange.First;

        public int End => exchange.End;

        public int SliceLength => int.MaxValue;

        public void Begin(ShardTree here, AlignedBuffer total, int first, GradientRounding? rounding)
        {
            Sent.Add(here.Blocks[0].Sum.Span.ToArray());
            exchange.Begin(here, total, first, rounding);
            Totals.Add(total.Span[..here.Length].ToArray());
        }

        public bool Finish(Span<double> numbers) => exchange.Finish(numbers);

        public void Share(Span<double> numbers) => exchange.Share(numbers);
    }
}
