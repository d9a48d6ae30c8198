namespace MlNetMlp.Core.Tests;

public sealed class DiskRowsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp-disk-rows-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(3, 2, 40_000, 2)]
    [InlineData(1, 1, 100_000, 1)]
    [InlineData(70_000, 1, 7, 2)]
    public void Gather_AnyOrderWithFewBlocksInMemory_GivesTheRowsThatWereAdded(int features, int targets, int count, int blocksInMemory)
    {
        // Blocks have 2^18 bytes: 10,922 rows of three features and two targets; of 70,000 features, one row is more than a block.
        using var rows = new DiskRows(features, targets, _folder.FullName, RowPrecision.Full, blocksInMemory);
        float[] x = new float[features], y = new float[targets];
        for (int i = 0; i < count; i++)
        {
            x.AsSpan().Fill(i);
            x[^1] = i % 7 == 0 ? float.NaN : 0.1f + i;
            y.AsSpan().Fill(-i);
            rows.Add(x, y, i + 0.5f);
        }

        Assert.Equal((count, features, targets), (rows.Count, rows.FeatureCount, rows.TargetCount));
        int[] order = [count - 1, 0, 1, count / 2, 0, .. Enumerable.Range(0, 50).Select(i => (int)(i * 7919L % count))];
        RowBatch gathered = rows.Read(order);
        float[] gatheredX = gathered.Features.ToArray(), gatheredY = gathered.Targets.ToArray(), weights = gathered.Weights.ToArray();
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal(features > 1 ? order[i] : gatheredX[i], gatheredX[i * features]);
            Assert.Equal(order[i] % 7 == 0 ? float.NaN : 0.1f + order[i], gatheredX[(i + 1) * features - 1]);
            Assert.All(gatheredY.AsSpan(i * targets, targets).ToArray(), value => Assert.Equal(-order[i], value));
            Assert.Equal(order[i] + 0.5f, weights[i]);
        }
    }

    [Fact]
    public void Add_Half_RoundsFeaturesAndKeepsTargets()
    {
        using var rows = new DiskRows(3, 1, _folder.FullName, RowPrecision.Half);
        rows.Add([0.1f, float.NaN, -65_504], [0.1f], 0.1f);
        RowBatch row = rows.Read(0);

        // 0.1 lies between the 16-bit floats 1637 / 2^14 and 1638 / 2^14, nearer to the second.
        Assert.Equal([1638 / 16384f, float.NaN, -65_504], row.Features.ToArray());
        Assert.Equal((0.1f, 0.1f), (row.Targets[0], row.Weights[0]));
    }

    [Fact]
    public void Add_TooLargeForHalf_NamesFeatureAndLimit()
    {
        using var rows = new DiskRows(2, 1, _folder.FullName, RowPrecision.Half);
        var exception = Assert.Throws<ArgumentException>("features", () => rows.Add([1, 70_000], [0]));
        Assert.Contains("Feature 1 is 70000", exception.Message, StringComparison.Ordinal);
        Assert.Contains("65504", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, rows.Count);
    }

    [Fact]
    public void Constructor_WhileRowsAreInUse_LeavesNoFileBehind()
    {
        using var rows = new DiskRows(2, 1, _folder.FullName);
        for (int i = 0; i < 50_000; i++)
        {
            rows.Add([i, i], [i]);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Empty(_folder.GetFiles());
        }

        rows.Dispose();
        Assert.Empty(_folder.GetFiles());
        Assert.Throws<ObjectDisposedException>(() => rows.Add([1, 1], [1]));
        Assert.Throws<ObjectDisposedException>(() => rows.Read(0));
    }

    /// <summary>A process may be killed in the moment in which the file still has its name.</summary>
    [Fact]
    public void Constructor_WhereAKilledProcessLeftAFile_RemovesItAndNoneInUse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(LeftFile.NewPath(folder), "left");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        using FileStream used = TemporaryFile.Create(folder.Path(""), options);

        using var rows = new DiskRows(2, 1, folder.Path(""));

        Assert.Equal([Path.GetFileName(used.Name)], folder.Files);
    }

    [Fact]
    public void Constructor_NoSuchFolder_NamesIt()
    {
        string folder = Path.Combine(_folder.FullName, "missing");
        var exception = Assert.Throws<IOException>(() => new DiskRows(1, 1, folder));
        Assert.Contains(folder, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Gather_NoSuchRow_IsRefused(int row)
    {
        using var rows = new DiskRows(1, 1, _folder.FullName);
        rows.Add([1], [1]);
        rows.Add([2], [2]);
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => rows.Read(row));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(100 * 4 * 4, true)]
    [InlineData(300 * 4 * 4, false)]
    public void RowStore_PastTheLimit_MovesToDiskWithAllRows(long memoryLimit, bool isOnDisk)
    {
        using var store = new RowStore(2, 1, memoryLimit, _folder.FullName, RowPrecision.Full);
        for (int i = 0; i < 300; i++)
        {
            store.Add([i, -i], [2 * i], 1 + i);
        }

        Assert.Equal((isOnDisk, 300), (store.Rows is DiskRows, store.Rows.Count));
        RowBatch all = store.Rows.Read();
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal((i, -i, 2 * i, 1 + i), (all.Features[2 * i], all.Features[2 * i + 1], all.Targets[i], all.Weights[i]));
        }
    }
}
