using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

public sealed class PredictionEngineTests
{
    [Fact]
    public void Binary_PredictsTheBitsOfTheView()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpPredictionTransformer transformer = trainer.Fit();
        PredictionEngine<Row, BinaryPrediction> engine = new MLContext(1).Model.CreatePredictionEngine<Row, BinaryPrediction>(transformer);

        IEnumerable<string> actual = Enumerable.Range(0, 50).Select(row =>
        {
            BinaryPrediction p = engine.Predict(new Row { Features = TrainerCase.FeaturesOf(row) });
            return $"PredictedLabel={p.PredictedLabel} | Score={Bits(p.Score)} | Probability={Bits(p.Probability)}";
        });

        Assert.Equal(RowValues.ReadAll(transformer.Transform(trainer.Data.WithRows(50)), "PredictedLabel", "Score", "Probability").Values, actual);
    }

    [Fact]
    public void Multiclass_PredictsTheBitsOfTheView()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpPredictionTransformer transformer = trainer.Fit();
        PredictionEngine<Row, MulticlassPrediction> engine = new MLContext(1).Model.CreatePredictionEngine<Row, MulticlassPrediction>(transformer);

        IEnumerable<string> actual = Enumerable.Range(0, 50).Select(row =>
        {
            MulticlassPrediction p = engine.Predict(new Row { Features = TrainerCase.FeaturesOf(row) });
            return $"PredictedLabel={p.PredictedLabel} | Score={string.Join(',', p.Score.Select(Bits))}";
        });

        Assert.Equal(RowValues.ReadAll(transformer.Transform(trainer.Data.WithRows(50)), "PredictedLabel", "Score").Values, actual);
    }

    [Fact]
    public void RefusedFeature_NamesItsColumn()
    {
        PredictionEngine<Row, BinaryPrediction> engine = new MLContext(1).Model.CreatePredictionEngine<Row, BinaryPrediction>(TrainerCase.Of("binary").Fit());

        Assert.Contains("column 'Features', slot 1",
            Assert.ThrowsAny<InvalidOperationException>(() => engine.Predict(new Row { Features = [0, float.PositiveInfinity, 0, 0] })).Message,
            StringComparison.Ordinal);
        Assert.InRange(engine.Predict(new Row { Features = [0, float.NaN, 0, 0] }).Probability, 0, 1);
    }

    private static string Bits(float value) => BitConverter.SingleToInt32Bits(value).ToString("x8");

    private sealed class Row
    {
        [VectorType(TrainerCase.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    private sealed class BinaryPrediction
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class MulticlassPrediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
