namespace MlNetMlp.Core.Tests;

public class SparseRowsTests
{
    [Fact]
    public void Gather_RowsAcrossBlocks_AreTheOnesThatWereAdded()
    {
        // A block has room for 2^20 features: five rows of 300,000 need two, and one of 2,000,000 a block of its own.
        var rows = new SparseRows(2_000_000, 2);
        for (int i = 0; i < 5; i++)
        {
            rows.Add([.. Enumerable.Range(i, 300_000)], [.. Enumerable.Repeat(i + 1f, 300_000)], [i, -i], i + 0.5f);
        }

        rows.Add([.. Enumerable.Range(0, 2_000_000)], [.. Enumerable.Repeat(9f, 2_000_000)], [5, -5]);
        rows.Add([7], [0], [6, -6]);
        Assert.Equal((7, 2_000_000, 2, 3_500_000L), (rows.Count, rows.FeatureCount, rows.TargetCount, rows.NonZeroCount));

        RowBatch batch = rows.Read(4, 6, 0, 5);
        SparseFeatures features = batch.SparseFeatures;
        Assert.Equal([4, -4, 6, -6, 0, 0, 5, -5], batch.Targets.ToArray());
        Assert.Equal([4.5f, 1, 0.5f, 1], batch.Weights.ToArray());
        Assert.Equal((300_000, 4, 5f), (features.Indices(0).Length, features.Indices(0)[0], features.Values(0)[^1]));
        Assert.Equal(0, features.Indices(1).Length);
        Assert.Equal((0, 1f), (features.Indices(2)[0], features.Values(2)[0]));
        Assert.Equal((1_999_999, 9f), (features.Indices(3)[^1], features.Values(3)[^1]));
    }

    [Fact]
    public void Gather_IntoADenseBatch_WritesTheZerosToo()
    {
        var rows = new SparseRows(4, 1);
        rows.Add([1, 3], [2, float.NaN], [1]);
        rows.Add([0], [5], [2]);
        var batch = new RowBatch(4, 1);
        batch.Add([9, 9, 9, 9], [9]);
        batch.Add([9, 9, 9, 9], [9]);
        batch.Clear();
        rows.Gather([1, 0], batch);
        Assert.Equal([5, 0, 0, 0, 0, 2, 0, float.NaN], batch.Features.ToArray());
        Assert.Equal([2, 1], batch.Targets.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Gather([2], batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Gather([-1], new RowBatch(rows)));
    }

    [Fact]
    public void Add_WrongRows_AreRefusedAndNotKept()
    {
        var rows = new SparseRows(4, 1);
        Assert.Throws<ArgumentException>(() => rows.Add([2, 1], [1, 1], [0]));
        Assert.Throws<ArgumentException>(() => rows.Add([1], [1, 1], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add([4], [1], [0]));
        Assert.Throws<ArgumentException>(() => rows.Add([1], [1], [0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add([1], [1], [0], -1));
        Assert.Equal((0, 0L), (rows.Count, rows.NonZeroCount));
    }
}
