using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Serving;

namespace MlNetMlp.Tests.Scoring;

/// <summary>Rows that are unlike those of the training, seen by a scorer of single rows.</summary>
public sealed class FeatureRangesTests
{
    private static readonly Point[] _points = [.. Enumerable.Range(0, 60).Select(i => new Point
    {
        Kind = $"{i % 20}", X = i % 10, Y = 5 + i % 7, Label = i % 3,
    })];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CountOutside_DenseAndSparseFeatures_IsTheNumberOfSlotsOutside(bool isSparse)
    {
        RowScorer scorer = Scorer(isSparse, counter: null);
        using ScoringRow row = scorer.CreateRow();
        FeatureRanges ranges = scorer.FeatureRanges!;
        int y = ranges.Lower.Length - 1;
        Assert.Equal((5, 11), (ranges.Lower[y], ranges.Upper[y]));

        (float X, float Y, int Outside)[] cases = [(9, 11, 0), (9.5f, 11, 1), (-1, 4, 2), (0, 0, 1), (float.NaN, 7, 0)];
        foreach ((float x, float valueOfY, int outside) in cases)
        {
            Score(row, x, valueOfY);
            Assert.Equal(outside, row.CountOutside(ranges));
        }
    }

    [Fact]
    public void CountOutside_TransformsInFrontOfTheNetwork_WorkOnceForARow()
    {
        int count = 0;
        RowScorer scorer = Scorer(isSparse: false, () => count++);
        using ScoringRow row = scorer.CreateRow();
        Score(row, 1, 6);
        count = 0;

        Score(row, 2, 7);
        row.CountOutside(scorer.FeatureRanges!);
        row.CountOutside(scorer.FeatureRanges!);

        Assert.Equal(1, count);
    }

    [Fact]
    public void CountOutside_RowThatIsNotScored_IsRefused()
    {
        RowScorer scorer = Scorer(isSparse: false, counter: null);
        using ScoringRow row = scorer.CreateRow();

        Assert.Contains("not scored", Assert.Throws<InvalidOperationException>(() => row.CountOutside(scorer.FeatureRanges!)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FeatureRanges_ColumnThatIsDroppedOrReplacedLater_AreUnknown()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(_points);
        IEstimator<ITransformer> pipeline = mlContext.Transforms.Concatenate("Features", nameof(Point.X), nameof(Point.Y))
            .Append(mlContext.Regression.Trainers.Mlp(numberOfEpochs: 1));

        Assert.NotNull(Of(pipeline).FeatureRanges);
        Assert.Null(Of(pipeline.Append(mlContext.Transforms.DropColumns("Features"))).FeatureRanges);
        Assert.Null(Of(pipeline.Append(mlContext.Transforms.Concatenate("Features", "Y", "X"))).FeatureRanges);

        RowScorer Of(IEstimator<ITransformer> estimator) => mlContext.Model.CreateRowScorer(estimator.Fit(rows), rows.Schema);
    }

    [Fact]
    public void ValueNames_OfScores_AreTheClassesAlsoIfTheyAreNumbers()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(_points);
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Class", nameof(Point.Label))
            .Append(mlContext.Transforms.Concatenate("Features", nameof(Point.X), nameof(Point.Y)))
            .Append(mlContext.MulticlassClassification.Trainers.Mlp("Class", numberOfEpochs: 1)).Fit(rows);

        RowScorer scorer = mlContext.Model.CreateRowScorer(model, rows.Schema);

        ScoringOutput score = scorer.Outputs.Single(output => output.Name == "Score");
        Assert.Equal(["0", "1", "2"], score.ValueNames);
        Assert.Empty(score.SlotNames);
        Assert.Empty(scorer.Outputs.Single(output => output.Name == "PredictedLabel").ValueNames);
    }

    private static void Score(ScoringRow row, float x, float y)
    {
        row.Set(nameof(Point.Kind), "3");
        row.Set(nameof(Point.Label), 0f);
        row.Set(nameof(Point.X), x);
        row.Set(nameof(Point.Y), y);
        row.Score();
    }

    /// <summary>With a one-hot column of 20 slots in front, so that the feature vector is sparse; or without.</summary>
    private static RowScorer Scorer(bool isSparse, Action? counter)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(_points);
        IEstimator<ITransformer> front = isSparse
            ? mlContext.Transforms.Categorical.OneHotEncoding("Where", nameof(Point.Kind))
                .Append(mlContext.Transforms.Concatenate("Features", "Where", nameof(Point.X), nameof(Point.Y)))
            : mlContext.Transforms.CustomMapping<Point, Copy>((point, copy) =>
            {
                counter?.Invoke();
                copy.Copied = point.X;
            }, null).Append(mlContext.Transforms.Concatenate("Features", nameof(Copy.Copied), nameof(Point.Y)));
        ITransformer model = front.Append(mlContext.Regression.Trainers.Mlp(numberOfEpochs: 1)).Fit(rows);
        return mlContext.Model.CreateRowScorer(model, rows.Schema);
    }

    private sealed class Point
    {
        public string Kind { get; set; } = "";

        public float X { get; set; }

        public float Y { get; set; }

        public float Label { get; set; }
    }

    private sealed class Copy
    {
        public float Copied { get; set; }
    }
}
