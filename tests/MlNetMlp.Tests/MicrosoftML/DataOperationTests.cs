using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>Splitting, caching, shuffling and filtering.</summary>
public sealed class DataOperationTests
{
    private const int Rows = 400;
    private readonly MLContext _ml = new(seed: 7);

    private IDataView Data => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new Row { Id = i, Group = $"g{i % 20}" }));

    [Fact]
    public void TrainTestSplit_PutsEachRowOnOneSide()
    {
        var split = _ml.Data.TrainTestSplit(Data, testFraction: 0.25);
        float[] train = Ids(split.TrainSet);
        float[] test = Ids(split.TestSet);
        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (float)i), train.Concat(test).Order());
        // About a quarter: five standard deviations of the binomial distribution.
        Assert.InRange(test.Length, (Rows / 4) - 44, (Rows / 4) + 44);
        Assert.Equal(Data.Schema.Select(c => c.Name), split.TestSet.Schema.Where(c => !c.IsHidden).Select(c => c.Name));
    }

    [Fact]
    public void TrainTestSplit_ReadTwice_IsTheSame()
    {
        var split = _ml.Data.TrainTestSplit(Data, 0.5);
        Assert.Equal(Ids(split.TestSet), Ids(split.TestSet));
    }

    [Fact]
    public void TrainTestSplit_Seed_DecidesTheRows()
    {
        float[] first = Ids(_ml.Data.TrainTestSplit(Data, 0.5, seed: 3).TestSet);
        Assert.Equal(first, Ids(new MLContext().Data.TrainTestSplit(Data, 0.5, seed: 3).TestSet));
        Assert.NotEqual(first, Ids(_ml.Data.TrainTestSplit(Data, 0.5, seed: 4).TestSet));
    }

    [Fact]
    public void TrainTestSplit_ContextSeed_IsTheDefault()
        => Assert.Equal(
            Ids(new MLContext(5).Data.TrainTestSplit(Data, 0.5).TestSet), Ids(new MLContext(5).Data.TrainTestSplit(Data, 0.5).TestSet));

    [Fact]
    public void TrainTestSplit_SamplingKey_KeepsGroupsTogether()
    {
        var split = _ml.Data.TrainTestSplit(Data, 0.3, samplingKeyColumnName: "Group");
        Assert.Empty(split.TrainSet.GetColumn<string>("Group").Intersect(split.TestSet.GetColumn<string>("Group")));
        Assert.Equal(Rows, Ids(split.TrainSet).Length + Ids(split.TestSet).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TrainTestSplit_FractionOutOfRange_Throws(double fraction)
        => Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(Data, fraction));

    [Fact]
    public void CrossValidationSplit_TestsEachRowOnce()
    {
        var folds = _ml.Data.CrossValidationSplit(Data, numberOfFolds: 4);
        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (float)i), folds.SelectMany(f => Ids(f.TestSet)).Order());
        Assert.All(folds, fold => Assert.Equal(Rows, Ids(fold.TrainSet).Length + Ids(fold.TestSet).Length));
        Assert.All(folds, fold => Assert.Empty(Ids(fold.TrainSet).Intersect(Ids(fold.TestSet))));
    }

    [Fact]
    public void Cache_ReadsTheSourceOnce()
    {
        int reads = 0;
        IEnumerable<Row> Source()
        {
            reads++;
            yield return new Row { Id = 1 };
            yield return new Row { Id = 2 };
        }

        var cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Source()), "Id");
        Assert.Equal([1, 2], Ids(cached));
        Assert.Equal([1, 2], Ids(cached));
        Assert.Equal(1, reads);
        Assert.True(cached.CanShuffle);
        Assert.Equal(2, cached.GetRowCount());
    }

    [Fact]
    public void GetRowCursor_WithRandom_ShufflesWhatCanBeShuffled()
    {
        var cached = _ml.Data.Cache(Data);
        float[] Read(Random? random)
        {
            var ids = new List<float>();
            using var cursor = cached.GetRowCursor([cached.Schema["Id"]], random);
            var get = cursor.GetGetter<float>(cached.Schema["Id"]);
            float id = 0;
            while (cursor.MoveNext())
            {
                get(ref id);
                ids.Add(id);
            }

            return [.. ids];
        }

        float[] plain = Read(null);
        float[] shuffled = Read(new Random(1));
        Assert.NotEqual(plain, shuffled);
        Assert.Equal(plain, shuffled.Order());
        Assert.Equal(shuffled, Read(new Random(1)));
        Assert.NotEqual(shuffled, Read(new Random(2)));
    }

    [Fact]
    public void ShuffleRows_ChangesTheOrderOnly()
    {
        float[] ids = Ids(_ml.Data.ShuffleRows(Data, seed: 1));
        Assert.NotEqual(Ids(Data), ids);
        Assert.Equal(Ids(Data), ids.Order());
    }

    [Fact]
    public void TakeAndSkip_GiveTheirRows()
    {
        Assert.Equal([0, 1, 2], Ids(_ml.Data.TakeRows(Data, 3)));
        Assert.Equal([398, 399], Ids(_ml.Data.SkipRows(Data, 398)));
    }

    [Fact]
    public void GetRowCursorSet_TogetherGivesAllRows()
    {
        var data = _ml.Transforms.NormalizeMinMax("N", "Id").Fit(Data).Transform(Data);
        var ids = new List<float>();
        foreach (var cursor in data.GetRowCursorSet([data.Schema["Id"], data.Schema["N"]], 3))
        {
            using (cursor)
            {
                var get = cursor.GetGetter<float>(data.Schema["Id"]);
                float id = 0;
                while (cursor.MoveNext())
                {
                    get(ref id);
                    ids.Add(id);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (float)i), ids.Order());
    }

    private static float[] Ids(IDataView data) => [.. data.GetColumn<float>("Id")];

    private sealed class Row
    {
        public float Id { get; set; }

        public string Group { get; set; } = "";
    }
}
