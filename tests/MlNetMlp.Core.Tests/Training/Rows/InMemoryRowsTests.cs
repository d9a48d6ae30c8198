namespace MlNetMlp.Core.Tests;

public class InMemoryRowsTests
{
    [Theory]
    [InlineData(3, 2, 10)]
    [InlineData(300_000, 1, 11)]
    [InlineData(1_200_000, 3, 3)]
    public void Gather_RowsAcrossBlocks_AreTheOnesThatWereAdded(int features, int targets, int count)
    {
        // A block aims at 2^20 floats: with 300,000 features it holds 3 rows, with 1,200,000 a single one.
        var rows = new InMemoryRows(features, targets);
        float[] x = new float[features], y = new float[targets];
        for (int i = 0; i < count; i++)
        {
            x.AsSpan().Fill(i);
            x[^1] = 1000 + i;
            y.AsSpan().Fill(-i);
            rows.Add(x, y, i + 0.5f);
        }

        Assert.Equal((count, features, targets), (rows.Count, rows.FeatureCount, rows.TargetCount));
        int[] order = [count - 1, 0, 1, count / 2, 0];
        RowBatch gathered = rows.Read(order);
        float[] gatheredX = gathered.Features.ToArray(), gatheredY = gathered.Targets.ToArray(), weights = gathered.Weights.ToArray();
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal((order[i], 1000 + order[i]), (gatheredX[i * features], gatheredX[(i + 1) * features - 1]));
            Assert.All(gatheredY.AsSpan(i * targets, targets).ToArray(), value => Assert.Equal(-order[i], value));
            Assert.Equal(order[i] + 0.5f, weights[i]);
        }
    }

    [Fact]
    public void Add_RowChangedLater_KeepsItsCopy()
    {
        var rows = new InMemoryRows(1, 1);
        float[] x = [3];
        rows.Add(x, [4]);
        x[0] = 5;
        RowBatch row = rows.Read(0);
        Assert.Equal((3, 4, 1), (row.Features[0], row.Targets[0], row.Weights[0]));
    }

    [Fact]
    public void Constructor_NoFeaturesOrTargets_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("featureCount", () => new InMemoryRows(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("targetCount", () => new InMemoryRows(1, 0));
    }

    [Fact]
    public void Add_WrongLength_NamesTheSpan()
    {
        var rows = new InMemoryRows(2, 1);
        Assert.Throws<ArgumentException>("features", () => rows.Add([1], [1]));
        Assert.Throws<ArgumentException>("targets", () => rows.Add([1, 2], [1, 2]));
        Assert.Equal(0, rows.Count);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Add_InvalidWeight_IsRefused(float weight)
    {
        var rows = new InMemoryRows(1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(weight), () => rows.Add([1], [1], weight));
        Assert.Equal(0, rows.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Gather_RowThatIsNotThere_IsRefused(int row)
    {
        var rows = new InMemoryRows(1, 1);
        rows.Add([1], [1]);
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => rows.Read(row));
    }
}
