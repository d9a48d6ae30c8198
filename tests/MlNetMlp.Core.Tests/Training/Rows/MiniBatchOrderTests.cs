namespace MlNetMlp.Core.Tests;

public class MiniBatchOrderTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(5)] };

    [Fact]
    public void Train_WithoutShuffle_TakesTheRowsInOrderAndAShortLastBatch()
    {
        foreach (int[][] epoch in Epochs(rows: 20, epochs: 3, new MlpTrainingOptions { BatchSize = 8, Shuffle = false }))
        {
            Assert.Equal([8, 8, 4], epoch.Select(batch => batch.Length));
            Assert.Equal(Enumerable.Range(0, 20), epoch.SelectMany(batch => batch));
        }
    }

    [Fact]
    public void Train_WithShuffle_DrawsAFreshPermutationEveryEpoch()
    {
        int[][][] epochs = Epochs(rows: 20, epochs: 4, new MlpTrainingOptions { BatchSize = 8 });
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 20), epoch.SelectMany(batch => batch).Order()));
        Assert.Equal(4, epochs.Select(epoch => string.Join(' ', epoch.SelectMany(batch => batch))).Distinct().Count());
        Assert.Equal(epochs, Epochs(rows: 20, epochs: 4, new MlpTrainingOptions { BatchSize = 8 }));
        Assert.NotEqual(epochs, Epochs(rows: 20, epochs: 4, new MlpTrainingOptions { BatchSize = 8, Seed = 1 }));
    }

    [Fact]
    public void Train_BatchSizeNotGiven_ComesFromTheNumberOfRows()
    {
        // A power of two near a hundredth, between 8 and 64.
        Assert.Equal([1, 5, 8, 8, 16, 16, 32, 64, 64], ((int[])[1, 5, 20, 899, 900, 1600, 1700, 5000, 1_000_000])
            .Select(new MlpTrainingOptions().BatchSizeFor));
        Assert.Equal(70, new MlpTrainingOptions { BatchSize = 100 }.BatchSizeFor(70));
    }

    [Fact]
    public void Train_BatchLargerThanTheRows_IsAllRows()
    {
        InMemoryRows rows = SmallData.For(_loss, 20);
        var options = new MlpTrainingOptions { NumberOfEpochs = 3, NumberOfThreads = 1 };
        Assert.Equal(
            SmallData.Saved(MlpTrainer.Train(new(_architecture, _loss, rows) { Options = options with { BatchSize = 20 } }).Model),
            SmallData.Saved(MlpTrainer.Train(new(_architecture, _loss, rows) { Options = options with { BatchSize = int.MaxValue } }).Model));
    }

    [Fact]
    public void Train_ShortLastBatch_TakesTheMeanOverItsOwnRows()
    {
        // y = w x + b by hand: two rows, then the third alone; squared error, from zero.
        (double X, double Y)[] data = [(1, 2), (-2, 1), (3, -1)];
        const double Rate = 0.05;
        double w = 0, b = 0;
        foreach ((double X, double Y)[] batch in (IEnumerable<(double, double)[]>)[data[..2], data[2..], data[..2], data[2..]])
        {
            double gradientW = batch.Average(row => (w * row.X + b - row.Y) * row.X), gradientB = batch.Average(row => w * row.X + b - row.Y);
            w -= Rate * gradientW;
            b -= Rate * gradientB;
        }

        var rows = new InMemoryRows(1, 1);
        Array.ForEach(data, row => rows.Add([(float)row.X], [(float)row.Y]));
        var options = new MlpTrainingOptions
        {
            NumberOfEpochs = 2,
            BatchSize = 2,
            Shuffle = false,
            Optimizer = new Sgd(),
            LearningRate = (float)Rate,
            FeatureScaling = FeatureScaling.None,
            OutputBiasFromTargets = false,
            NumberOfThreads = 1,
        };
        var architecture = new MlpArchitecture(1, 1) { OutputInitializer = Initializer.Zero };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, new SquaredError { StandardizeTargets = false }, rows) { Options = options });
        Assert.Equal(2, result.BestEpoch);
        Assert.Equal(b, RandomModels.Scores(result.Model, [0])[0], 1e-6);
        Assert.Equal(w + b, RandomModels.Scores(result.Model, [1])[0], 1e-6);
    }

    private static int[][][] Epochs(int rows, int epochs, MlpTrainingOptions options)
    {
        var observed = new ObservedRows(SmallData.For(_loss, rows));
        MlpTrainer.Train(new(_architecture, _loss, observed) { Options = options with { NumberOfEpochs = epochs, NumberOfThreads = 1 } });

        // Before the first epoch all rows are read once, in order.
        int batches = (rows + options.BatchSizeFor(rows) - 1) / options.BatchSizeFor(rows);
        return [.. observed.Requests.TakeLast(batches * epochs).Chunk(batches)];
    }
}
