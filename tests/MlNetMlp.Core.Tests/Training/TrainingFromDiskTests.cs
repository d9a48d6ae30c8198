using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class TrainingFromDiskTests : IDisposable
{
    private const int FeatureCount = 4;

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 2, BatchSize = 64, NumberOfThreads = 1, Seed = 4 };
    private static readonly Loss[] _losses = [new SoftmaxCrossEntropy(), new SigmoidCrossEntropy(), new SquaredError()];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, RowPrecision> Cases => new()
    {
        { 0, RowPrecision.Full }, { 1, RowPrecision.Full }, { 2, RowPrecision.Full }, { 0, RowPrecision.Half }, { 2, RowPrecision.Half },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_MoreRowsThanBlocksInMemory_LearnsWhatMemoryTeachesInTheSameOrder(int loss, RowPrecision precision)
    {
        using DiskRows disk = OnDisk(_losses[loss], 3000, precision, blocksInMemory: 8);
        Assert.InRange(disk.ShuffleWindow, 1, 1500);
        byte[] expected = Train(_losses[loss], new WindowedRows(InMemory(_losses[loss], 3000, precision), disk.ShuffleWindow), _options);
        Assert.Equal(expected, Train(_losses[loss], disk, _options));
        Assert.Equal(expected, Train(_losses[loss], disk, _options with { NumberOfThreads = 2 }));
        Assert.Equal(expected, Train(_losses[loss], disk, _options with { NumberOfThreads = 3 }));
        Assert.NotEqual(expected, Train(_losses[loss], InMemory(_losses[loss], 3000, precision), _options));
    }

    [Fact]
    public void Train_AllRowsInBlocksInMemory_LearnsWhatMemoryTeaches()
    {
        using DiskRows disk = OnDisk(_losses[0], 3000, RowPrecision.Full, blocksInMemory: 256);
        Assert.Equal(int.MaxValue, disk.ShuffleWindow);
        Assert.Equal(Train(_losses[0], InMemory(_losses[0], 3000, RowPrecision.Full), _options), Train(_losses[0], disk, _options));
    }

    [Fact]
    public void Train_WithBatchStatisticsAndValidation_ReadsTheSameFileFromAllSides()
    {
        using DiskRows disk = OnDisk(_losses[0], 3000, RowPrecision.Full, blocksInMemory: 8);
        var memory = new WindowedRows(InMemory(_losses[0], 3000, RowPrecision.Full), disk.ShuffleWindow);
        var architecture = new MlpArchitecture(FeatureCount, 3)
        {
            HiddenLayers = [new(6) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
        };
        MlpTrainingOptions options = _options with { NumberOfThreads = 2 };
        MlpTrainingResult expected = MlpTrainer.Train(new(architecture, _losses[0], memory) { Validation = memory, Options = options });
        MlpTrainingResult actual = MlpTrainer.Train(new(architecture, _losses[0], disk) { Validation = disk, Options = options });
        Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(actual.Model));
        Assert.Equal(expected.History.Select(report => report.ValidationLoss), actual.History.Select(report => report.ValidationLoss));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_ClassesOnDisk_LearnsWhatMemoryTeaches(bool bagging)
    {
        using DiskRows disk = OnDisk(_losses[0], 2000, RowPrecision.Full, blocksInMemory: 8);
        var memory = new WindowedRows(InMemory(_losses[0], 2000, RowPrecision.Full), disk.ShuffleWindow);
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        MlpTrainingOptions options = _options with { ClassBalancedBatches = true, Ensemble = bagging ? Ensemble.Bagging(2) : null };
        Assert.Equal(Train(loss, memory, options), Train(loss, disk, options));
    }

    /// <summary>A file far larger than memory is read at the speed of the disk, and so often.</summary>
    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(1, 1.6)]
    [InlineData(2, 1.6)]
    [InlineData(5, 1.6)]
    [InlineData(20, 1.6)]
    public void Epoch_OfMoreBlocksThanInMemory_ReadsEachBlockAboutOnceForEachClass(int classCount, double timesAClass)
    {
        // 42 rows of 24 bytes a block.
        const int Blocks = 1500, Count = Blocks * 42;
        using DiskRows disk = OnDisk(_losses[0], Count, RowPrecision.Full, blocksInMemory: 256);
        int[]? classes = classCount == 0 ? null : [.. Enumerable.Range(0, Count).Select(row => new SeededRandom(2).Below(classCount, row))];
        Assert.InRange(ReadsOf(disk, classes), Blocks, timesAClass * Math.Max(1, classCount) * Blocks);
    }

    [Fact]
    public void Epoch_OfABootstrapSample_ReadsEachBlockAboutOnce()
    {
        const int Blocks = 1500;
        using DiskRows disk = OnDisk(_losses[0], Blocks * 42, RowPrecision.Full, blocksInMemory: 256);
        BootstrapRows bag = BootstrapRows.Draw(disk, new SeededRandom(1));
        Assert.Equal(disk.ShuffleWindow, bag.ShuffleWindow);
        long before = disk.BlocksRead;
        Pass(bag, null);

        // The runs of a sample begin in the middle of blocks.
        Assert.InRange(disk.BlocksRead - before, Blocks, 1.7 * Blocks);
    }

    [Fact]
    public void Fingerprint_OfAWindow_IsAnother()
    {
        InMemoryRows rows = InMemory(_losses[0], 300, RowPrecision.Full);
        TrainingFingerprint whole = Of(rows), windowed = Of(new WindowedRows(rows, 100));
        Assert.Equal(["TrainingRows.ShuffleWindow is none in the checkpoint and 100 now"], windowed.DifferencesFrom(whole));
        Assert.Empty(Of(new WindowedRows(rows, 300)).DifferencesFrom(whole));

        static TrainingFingerprint Of(IRowSource rows) => new TrainingTask(new(FeatureCount, 3), _losses[0],
            rows)
        { Options = _options }.Fingerprint(CancellationToken.None);
    }

    private static long ReadsOf(DiskRows disk, int[]? classes)
    {
        long before = disk.BlocksRead;
        Pass(disk, classes);
        return disk.BlocksRead - before;
    }

    private static void Pass(IRowSource rows, int[]? classes)
    {
        EpochOrder order = EpochOrder.Create(rows.Count, classes, shuffle: true, new SeededRandom(1), rows.ShuffleWindow);
        order.Start(0);
        var batch = new RowBatch(rows);
        for (int place = 0; place < rows.Count; place += 64)
        {
            batch.Clear();
            rows.Gather(order.Rows(place, 64), batch);
        }
    }

    private static byte[] Train(Loss loss, IRowSource rows, MlpTrainingOptions options)
    {
        int outputs = loss is MulticlassLoss ? 3 : 1;
        return SmallData.Saved(MlpTrainer.Train(new(new MlpArchitecture(FeatureCount, outputs) { HiddenLayers = [new(6)] }, loss, rows)
        {
            UsesAllThreads = true,
            Options = options,
        }).Model);
    }

    /// <summary>In blocks of a kilobyte.</summary>
    private DiskRows OnDisk(Loss loss, int count, RowPrecision precision, int blocksInMemory)
    {
        var rows = new DiskRows(FeatureCount, 1, _folder.Path(""), precision, blocksInMemory, 1024);
        for (int i = 0; i < count; i++)
        {
            (float[] x, float[] y) = SmallData.Row(loss, i, FeatureCount, loss is MulticlassLoss ? 3 : 1);
            rows.Add(x, y, 1 + i % 2);
        }

        return rows;
    }

    private static InMemoryRows InMemory(Loss loss, int count, RowPrecision precision)
    {
        var rows = new InMemoryRows(FeatureCount, 1);
        for (int i = 0; i < count; i++)
        {
            (float[] x, float[] y) = SmallData.Row(loss, i, FeatureCount, loss is MulticlassLoss ? 3 : 1);
            rows.Add(precision == RowPrecision.Full ? x : [.. x.Select(value => (float)(Half)value)], y, 1 + i % 2);
        }

        return rows;
    }
}
