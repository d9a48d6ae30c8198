using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Which values the features had in training, and which rows are unlike those.</summary>
public sealed class FeatureRangesTests
{
    [Fact]
    public void CountOutside_EveryWidth_IsTheNumberOfValuesBelowOrAbove()
    {
        for (int width = 1; width <= 40; width++)
        {
            float[] values = Values(1, width), lower = Values(2, width), upper = [.. lower.Zip(Values(3, width), (from, more) => from + Math.Abs(more))];
            values[width / 2] = float.NaN;
            int expected = Enumerable.Range(0, width).Count(j => values[j] < lower[j] || values[j] > upper[j]);

            Assert.Equal(expected, new FeatureRanges(lower, upper).CountOutside(values));
        }
    }

    [Fact]
    public void CountOutside_Ends_AreInside()
    {
        var ranges = new FeatureRanges([-1], [2]);

        Assert.Equal(0, ranges.CountOutside([-1]));
        Assert.Equal(0, ranges.CountOutside([2]));
        Assert.Equal(1, ranges.CountOutside([MathF.BitIncrement(2)]));
        Assert.Equal(1, ranges.CountOutside([float.NegativeInfinity]));
    }

    [Fact]
    public void CountOutside_SparseRow_IsThatOfTheDenseOne()
    {
        // Of the second and the fourth feature 0 lies outside.
        var ranges = new FeatureRanges([-1, 2, 0, -5, -1], [1, 3, 0, -4, 1]);

        Assert.Equal(ranges.CountOutside([0, 2.5f, 0.1f, 0, 7]), ranges.CountOutside([1, 2, 4], [2.5f, 0.1f, 7]));
        Assert.Equal(3, ranges.CountOutside([1, 2, 4], [2.5f, 0.1f, 7]));
        Assert.Equal(2, ranges.CountOutside([], []));
    }

    [Fact]
    public void Widen_Share_IsAddedAtBothEnds()
    {
        FeatureRanges ranges = new FeatureRanges([-1, 5, float.NegativeInfinity, -3e38f], [3, 5, float.PositiveInfinity, 3e38f]).Widen(0.5f);

        Assert.Equal([-3, 5, float.NegativeInfinity, float.NegativeInfinity], ranges.Lower.ToArray());
        Assert.Equal([5, 5, float.PositiveInfinity, float.PositiveInfinity], ranges.Upper.ToArray());
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Widen_ShareOutOfRange_IsRefused(float share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureRanges([0], [1]).Widen(share));

    [Fact]
    public void CountOutside_AnotherNumberOfFeatures_IsRefused() =>
        Assert.Contains("has 2 features; the ranges are of 1", Assert.Throws<ArgumentException>(() =>
            new FeatureRanges([0], [1]).CountOutside([1, 2])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ranges_OfRows_AreLeastAndGreatestValueOfThoseWithWeight(bool isSparse)
    {
        var moments = new ColumnMoments(4, isSparse);
        float[][] rows = [[1, 0, float.NaN, 5], [-2, 0, 3, 6], [99, 99, 99, 99], [4, 7, float.PositiveInfinity, 5]];
        for (int i = 0; i < rows.Length; i++)
        {
            Add(moments, rows[i], weight: i == 2 ? 0 : 2, isSparse);
        }

        FeatureRanges ranges = moments.Ranges();

        Assert.Equal([-2, 0, 3, 5], ranges.Lower.ToArray());
        Assert.Equal([4, 7, 3, 6], ranges.Upper.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ranges_ColumnWithoutAnyValue_HasNoLimits(bool isSparse)
    {
        var moments = new ColumnMoments(1, isSparse);
        Add(moments, [float.NaN], 1, isSparse);

        Assert.Equal([float.MinValue], moments.Ranges().Lower.ToArray());
        Assert.Equal([float.MaxValue], moments.Ranges().Upper.ToArray());
    }

    [Fact]
    public void Model_TrainedAndSaved_KnowsItsRanges()
    {
        MlpModel model = Train([[1, -3], [2, 5], [3, float.NaN]], null);

        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        MlpModel loaded = MlpModel.Load(file);

        Assert.Equal([1, -3], model.FeatureRanges!.Lower.ToArray());
        Assert.Equal([3, 5], model.FeatureRanges.Upper.ToArray());
        Assert.Equal([1, -3], loaded.FeatureRanges!.Lower.ToArray());
        Assert.Equal([3, 5], loaded.FeatureRanges.Upper.ToArray());
    }

    [Fact]
    public void Model_FeatureThatIsAlwaysMissing_IsSavedWithoutLimits()
    {
        MlpModel model = MlpModel.Load(new MemoryStream(Sections(Train([[1, float.NaN], [2, float.NaN]], null)).ToBytes()));

        Assert.Equal(0, model.FeatureRanges!.Widen(0.5f).CountOutside([1.5f, 1e38f]));
    }

    [Fact]
    public void Model_TrainedFurther_KnowsTheRangesOfBothTrainings()
    {
        MlpModel first = Train([[1, -3], [2, 5]], null);

        MlpModel second = Train([[0, 1], [2, 8]], first);

        Assert.Equal([0, -3], second.FeatureRanges!.Lower.ToArray());
        Assert.Equal([2, 8], second.FeatureRanges.Upper.ToArray());
    }

    [Fact]
    public void File_WithoutTheSection_IsReadAndScoresAsBefore()
    {
        MlpModel model = Train([[1, -3], [2, 5]], null);
        SectionedFile file = Sections(model);
        Assert.Equal(0, file.Sections.Single(section => section.Id == "RANGES").Mark);
        file.Sections.RemoveAll(section => section.Id == "RANGES");

        MlpModel earlier = MlpModel.Load(new MemoryStream(file.ToBytes()));

        Assert.Null(earlier.FeatureRanges);
        Assert.Equal(Score(model), Score(earlier));

        // What an earlier training saw is unknown, and so is what both together saw.
        Assert.Null(Train([[1, -3], [2, 5]], earlier).FeatureRanges);
    }

    [Fact]
    public void File_RangeThatMakesNoSense_IsRefused()
    {
        const float lower = 3, upper = 2;
        SectionedFile file = Sections(Train([[1, -3], [2, 5]], null));
        file["RANGES"] = [.. BitConverter.GetBytes(lower), .. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(upper), .. BitConverter.GetBytes(0f)];

        Assert.Contains("makes no sense", Assert.Throws<InvalidDataException>(() => MlpModel.Load(new MemoryStream(file.ToBytes()))).Message,
            StringComparison.Ordinal);
    }

    private static float[] Score(MlpModel model)
    {
        float[] scores = new float[1];
        model.Predict([1.5f, 2], scores);
        return scores;
    }

    private static SectionedFile Sections(MlpModel model)
    {
        using var saved = new MemoryStream();
        model.Save(saved);
        return new SectionedFile(saved.ToArray());
    }

    private static MlpModel Train(float[][] rows, MlpModel? initial)
    {
        var training = new InMemoryRows(2, 1);
        Array.ForEach(rows, row => training.Add(row, [row[0]]));
        return MlpTrainer.Train(new(new(2, 1) { HiddenLayers = [new(3)] }, new SquaredError(), training)
        {
            Options = new MlpTrainingOptions { NumberOfEpochs = 1, Seed = 1 },
            InitialModel = initial,
        }).Model;
    }

    private static void Add(ColumnMoments moments, float[] row, float weight, bool isSparse)
    {
        var batch = new RowBatch(row.Length, 1, isSparse);
        if (isSparse)
        {
            int[] indices = [.. Enumerable.Range(0, row.Length).Where(j => row[j] != 0)];
            batch.Add(indices, [.. indices.Select(j => row[j])], [0], weight);
        }
        else
        {
            batch.Add(row, [0], weight);
        }

        moments.Add(batch, 0);
    }

    private static float[] Values(int seed, int length)
    {
        float[] values = new float[length];
        new SeededRandom(seed).FillNormal(values, 0, 1);
        return values;
    }
}
