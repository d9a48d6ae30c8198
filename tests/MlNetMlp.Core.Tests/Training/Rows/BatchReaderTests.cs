using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class BatchReaderTests
{
    private const int Features = 700;

    /// <summary>Blocks on both sides of the size from which reading is shared out, with a last tile that is short.</summary>
    [Theory]
    [InlineData(5, 2)]
    [InlineData(61, 2)]
    [InlineData(61, 3)]
    public void Gather_SeveralThreads_HasTheBitsOfOne(int rows, int threads)
    {
        InMemoryRows source = Rows(100);
        int[] numbers = [.. Enumerable.Range(0, rows).Select(i => i * 37 % 100)];
        BatchReader reader = Create(source);
        RowBatch alone = reader.CreateBatch(rows), shared = reader.CreateBatch(rows);
        using var team = new ThreadTeam(threads);
        reader.Gather(numbers, alone);
        reader.Gather(numbers, shared, team);

        Assert.Equal(Bits.Of(alone.Features), Bits.Of(shared.Features));
        Assert.Equal(Bits.Of(alone.Targets), Bits.Of(shared.Targets));
        Assert.Equal(Bits.Of(alone.Weights), Bits.Of(shared.Weights));
        Assert.Equal(numbers[^1], shared.Targets[^1]);
        Assert.NotEqual(0, shared.FeaturesOf(rows - 1)[Features - 1]);
    }

    /// <summary>Rows in memory are read straight from there, those of any other source by way of a small batch.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(45)]
    public void Gather_RowsInMemory_HaveTheBitsOfAnyOtherSource(int count)
    {
        InMemoryRows stored = Rows(60);
        int[] numbers = [.. Enumerable.Range(0, count).Select(i => i * 37 % 60)];
        BatchReader direct = Create(stored), other = Create(new ObservedRows(stored, _ => { }));
        RowBatch expected = other.CreateBatch(count), actual = direct.CreateBatch(count);
        other.Gather(numbers, expected);
        direct.Foresee(numbers);
        direct.Gather(numbers, actual);

        Assert.Equal(Bits.Of(expected.Features), Bits.Of(actual.Features));
        Assert.Equal(Bits.Of(expected.Targets), Bits.Of(actual.Targets));
        Assert.Equal(Bits.Of(expected.Weights), Bits.Of(actual.Weights));
        Assert.Equal(expected.MetricWeights, actual.MetricWeights);
        Assert.Equal(numbers[^1] + 1, actual.MetricWeights[^1]);
    }

    [Fact]
    public void Gather_RefusedValueInMemory_NamesItsRow()
    {
        InMemoryRows rows = Rows(30);
        float[] features = new float[Features];
        features[5] = float.PositiveInfinity;
        rows.Add(features, [0]);
        BatchReader reader = Create(rows);

        var exception = Assert.Throws<InvalidFeatureException>(() => reader.Gather([.. Enumerable.Range(0, 31)], reader.CreateBatch(31)));
        Assert.Equal((30, 5), (exception.Row, exception.Feature));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Gather([0, 31], reader.CreateBatch(2)));
    }

    /// <summary>A source that says nothing about threads may keep a position of its own: two readers at once would spoil it.</summary>
    [Fact]
    public void Gather_SourceNotForSeveralThreads_IsReadByTheCallerAlone()
    {
        int caller = Environment.CurrentManagedThreadId;
        var threads = new HashSet<int>();
        var source = new ObservedRows(Rows(64), _ => threads.Add(Environment.CurrentManagedThreadId));
        using var team = new ThreadTeam(3);
        BatchReader reader = Create(source);
        reader.Gather([.. Enumerable.Range(0, 64)], reader.CreateBatch(64), team);

        Assert.Equal([caller], threads);
    }

    private static BatchReader Create(IRowSource source)
    {
        float[] offset = new float[Features], scale = new float[Features];
        TestData.Fill(offset, 3);
        TestData.Fill(scale, 4);
        var standardizer = new FeatureStandardizer(offset, scale, new float[Features], InvalidValueHandling.Impute, InvalidValueHandling.Fail);
        return new BatchReader(source, standardizer, null, 0.5f);
    }

    private static InMemoryRows Rows(int count)
    {
        var rows = new InMemoryRows(Features, 1);
        float[] features = new float[Features];
        for (int i = 0; i < count; i++)
        {
            TestData.Fill(features, i);
            rows.Add(features, [i], i + 1);
        }

        return rows;
    }
}
