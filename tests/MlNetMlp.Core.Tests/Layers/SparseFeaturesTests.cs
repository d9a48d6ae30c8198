namespace MlNetMlp.Core.Tests;

public class SparseFeaturesTests
{
    [Fact]
    public void Add_Rows_KeepsWhatIsNotZero()
    {
        var rows = new SparseFeatures(6);
        for (int round = 0; round < 2; round++)
        {
            rows.Clear();
            rows.Add([1, 3, 5], [2, 0, float.NaN]);
            rows.Add([], []);
            rows.Add([0, 4, 0, -0f, 7, 0]);
            Assert.Equal((3, 4, 6), (rows.Rows, rows.Count, rows.FeatureCount));
            Assert.Equal([1, 5], rows.Indices(0).ToArray());
            Assert.Equal([2, float.NaN], rows.Values(0).ToArray());
            Assert.Empty(rows.Indices(1).ToArray());
            Assert.Equal([1, 4], rows.Indices(2).ToArray());
            Assert.Equal([4, 7], rows.Values(2).ToArray());
        }

        Assert.Throws<ArgumentOutOfRangeException>("row", () => rows.Indices(3).Length);
    }

    [Fact]
    public void Add_ManyRows_Grows()
    {
        var rows = new SparseFeatures(1000);
        for (int i = 0; i < 1000; i++)
        {
            rows.Add([i / 2, 500 + i / 2], [i + 1, -i - 1]);
        }

        Assert.Equal(2000, rows.Count);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal([i / 2, 500 + i / 2], rows.Indices(i).ToArray());
            Assert.Equal([i + 1, -i - 1], rows.Values(i).ToArray());
        }
    }

    [Fact]
    public void Add_WrongIndices_AreRefused()
    {
        var rows = new SparseFeatures(6);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add([6], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add([-1], [1]));
        Assert.Throws<ArgumentException>(() => rows.Add([2, 1], [1, 1]));
        Assert.Throws<ArgumentException>(() => rows.Add([2, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => rows.Add([2, 3], [1]));
        Assert.Throws<ArgumentException>(() => rows.Add([1, 2, 3]));
        Assert.Equal((0, 0), (rows.Rows, rows.Count));
    }
}
