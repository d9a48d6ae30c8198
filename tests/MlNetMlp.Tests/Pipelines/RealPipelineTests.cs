using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>What ML.NET's own components do with our views, and our trainers with theirs.</summary>
public sealed class RealPipelineTests
{
    private readonly MLContext _context = new(1);

    [Fact]
    public void Calibrator_OnTheScores_KeepsTheirOrder()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        IDataView scored = trainer.Create(_context, Learning).Fit(trainer.Data).Transform(trainer.Data);

        IDataView calibrated = _context.BinaryClassification.Calibrators.Platt().Fit(scored).Transform(scored);

        Assert.True(_context.BinaryClassification.Evaluate(calibrated).AreaUnderRocCurve > 0.99);
    }

    [Fact]
    public void BinaryFile_OfScoredRows_ReadsBackTheSame()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        IDataView scored = trainer.Fit().Transform(trainer.Data);
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.Create(path))
            {
                _context.Data.SaveAsBinary(scored, file);
            }

            IDataView read = _context.Data.LoadFromBinary(path);
            Assert.Equal(RowValues.ReadAll(scored, "Label", "PredictedLabel", "Score", "Name").Values,
                RowValues.ReadAll(read, "Label", "PredictedLabel", "Score", "Name").Values);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void EnumerableCacheShuffleAndSplit_GiveTheSameScoresForTheSameRows()
    {
        Row[] rows = [.. Enumerable.Range(0, 500).Select(i => new Row { Label = TrainerCase.ClassOf(i) == 0, Features = TrainerCase.FeaturesOf(i),
            Number = i })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        MlpPredictionTransformer transformer = _context.BinaryClassification.Trainers.Mlp(hiddenUnits: [8], numberOfEpochs: 5).Fit(data);
        float[] expected = [.. Scores(transformer.Transform(data)).OrderBy(pair => pair.Number).Select(pair => pair.Score)];

        IDataView[] views =
        [
            _context.Data.ShuffleRows(transformer.Transform(data), seed: 3),
            transformer.Transform(_context.Data.ShuffleRows(data, seed: 3)),
            _context.Data.Cache(transformer.Transform(data)),
            transformer.Transform(_context.Data.Cache(data)),
        ];

        Assert.All(views, view => Assert.Equal(expected, Scores(view).OrderBy(pair => pair.Number).Select(pair => pair.Score)));
        DataOperationsCatalog.TrainTestData split = _context.Data.TrainTestSplit(transformer.Transform(data), 0.3, seed: 3);
        Assert.Equal(expected, Scores(split.TrainSet).Concat(Scores(split.TestSet)).OrderBy(pair => pair.Number).Select(pair => pair.Score));
        Assert.Equal(expected.Take(10), Scores(_context.Data.TakeRows(transformer.Transform(data), 10)).Select(pair => pair.Score));
        Assert.Equal(5, transformer.Transform(data).Preview(5).RowView.Length);
    }

    [Fact]
    public void TextFeatures_SparseAndMany_AreLearned()
    {
        string[] good = ["fine", "great", "lovely"], bad = ["poor", "awful", "dull"];
        Review[] reviews = [.. Enumerable.Range(0, 120).Select(i => new Review { Label = i % 2 == 0 ? "good" : "bad",
            Text = $"a {(i % 2 == 0 ? good : bad)[i % 3]} thing {(i % 5 == 0 ? "indeed" : "here")}" })];
        IDataView data = _context.Data.LoadFromEnumerable(reviews);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.Text.FeaturizeText("Features", "Text"))
            .Append(_context.MulticlassClassification.Trainers.Mlp(hiddenUnits: [8], numberOfEpochs: 20))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var folds = _context.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 3);

        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.95));
    }

    [Fact]
    public void Model_LoadedFromAStreamWithASchema_ReadsTheTrainersInput()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        using var file = new MemoryStream(ModelFiles.Save(trainer.Fit(), trainer.Data.Schema));

        ITransformer model = new MLContext().Model.Load(file, out DataViewSchema schema);

        Assert.Equal(RowValues.ReadAll(trainer.Fit().Transform(trainer.Data)), RowValues.ReadAll(model.Transform(trainer.Data)));
        Assert.Equal(trainer.Data.Schema.Count, schema.Count);
    }

    private static MlpTrainerOptions Learning(MlpTrainerOptions options) => options with { NumberOfEpochs = 100, LearningRate = 0.02f };

    private IEnumerable<Scored> Scores(IDataView view) => _context.Data.CreateEnumerable<Scored>(view, reuseRowObject: false);

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(TrainerCase.FeatureCount)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }
    }

    private sealed class Scored
    {
        public float Number { get; set; }

        public float Score { get; set; }
    }

    private sealed class Review
    {
        public string Label { get; set; } = "";

        public string Text { get; set; } = "";
    }
}
