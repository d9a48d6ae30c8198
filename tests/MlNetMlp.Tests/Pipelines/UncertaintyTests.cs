using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>The columns ScoreMean and ScoreStandardDeviation, and ensembles, in what ML.NET does with a model.</summary>
public sealed class UncertaintyTests
{
    private readonly MLContext _context = new(1);

    public static TheoryData<string> Uncertain =>
        ["binary, Monte-Carlo dropout", "multiclass, snapshots with uncertainty", "multi-output regression, bagging with uncertainty"];

    [Theory]
    [MemberData(nameof(Uncertain))]
    public void Columns_HaveTheBitsOfTheModel(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();
        MlpModel model = transformer.Model.Network;
        float[] mean = new float[model.OutputCount], deviation = new float[model.OutputCount], score = new float[model.OutputCount];

        string[] expected =
        [
            .. Enumerable.Range(0, 90).Select(row =>
            {
                model.PredictWithUncertainty(TrainerCase.FeaturesOf(row), mean, deviation, 1, trainer.Options.MonteCarloDropout!);
                model.Predict(TrainerCase.FeaturesOf(row), score);
                return $"Score={Bits(score)} | ScoreMean={Bits(mean)} | ScoreStandardDeviation={Bits(deviation)}";
            }),
        ];

        Assert.Equal(expected, RowValues.ReadAll(transformer.Transform(trainer.Data), "Score", "ScoreMean", "ScoreStandardDeviation").Values);
        Assert.All(deviation, value => Assert.True(value > 0));
    }

    /// <summary>Of a bagging ensemble, whose members can be scored one by one, mean and deviation by their definition.</summary>
    [Fact]
    public void ProbabilityColumns_OfTwoClasses_AreMeanAndDeviationOfTheMembersProbabilities()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpPredictionTransformer transformer = _context.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(8)],
            NumberOfEpochs = 3,
            Seed = 1,
            Ensemble = Ensemble.Bagging(4),
            MonteCarloDropout = new(),
        }).Fit(trainer.Data);
        IDataView scored = transformer.Transform(trainer.Data);

        float[] means = [.. scored.GetColumn<float>("ProbabilityMean")], deviations = [.. scored.GetColumn<float>("ProbabilityStandardDeviation")];
        for (int row = 0; row < means.Length; row++)
        {
            double[] probabilities = [.. transformer.Model.Network.Members.Select(member =>
            {
                float[] score = new float[1];
                member.Predict(TrainerCase.FeaturesOf(row), score);
                return 1 / (1 + Math.Exp(-score[0]));
            })];
            double mean = probabilities.Average();
            Assert.Equal(mean, means[row], 1e-6);
            Assert.Equal(Math.Sqrt(probabilities.Average(p => (p - mean) * (p - mean))), deviations[row], 1e-6);
        }

        Assert.Contains(deviations, deviation => deviation > 0.01);
    }

    [Theory]
    [MemberData(nameof(Uncertain))]
    public void SavedAndLoaded_KeepsTheOption(string name)
    {
        MlpPredictionTransformer transformer = TrainerCase.Of(name).Fit();

        var loaded = (MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(transformer));

        Assert.Equal(transformer.Model.MonteCarloDropout, loaded.Model.MonteCarloDropout);
        Assert.NotNull(loaded.Model.MonteCarloDropout);
        Assert.Equal(transformer.Model.Network.Members.Count, loaded.Model.Network.Members.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void DamagedUncertaintyOfTheFirstEntryVersion_IsRefused(int length)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pipelines", "Fixtures", "entry1-network3-binary.zip"));
        byte[] damaged = ModelFiles.Change(file, "/Uncertainty", bytes => length < bytes.Length ? bytes[..length] : [0, 0, 0, 0, .. bytes[4..]]);

        Assert.Contains("The multilayer perceptron in this model file cannot be loaded", Record.Exception(() => ModelFiles.Load(damaged))!.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_PredictsTheBitsOfTheView()
    {
        TrainerCase trainer = TrainerCase.Of("binary, Monte-Carlo dropout");
        MlpPredictionTransformer transformer = trainer.Fit();
        PredictionEngine<Row, Prediction> engine = _context.Model.CreatePredictionEngine<Row, Prediction>(ModelFiles.Load(ModelFiles.Save(transformer)));

        // Backwards: the place of a row must not matter.
        IEnumerable<string> actual = Enumerable.Range(0, 90).Reverse().Select(row =>
        {
            Prediction p = engine.Predict(new Row { Features = TrainerCase.FeaturesOf(row) });
            return $"Score={Bits(p.Score)} | ScoreMean={Bits(p.ScoreMean)} | ScoreStandardDeviation={Bits(p.ScoreStandardDeviation)}";
        });

        Assert.Equal(RowValues.ReadAll(transformer.Transform(trainer.Data), "Score", "ScoreMean", "ScoreStandardDeviation").Values, actual.Reverse());
    }

    [Fact]
    public void Score_IsThatOfTheSameModelWithoutTheColumns()
    {
        TrainerCase trainer = TrainerCase.Of("binary, Monte-Carlo dropout");
        string[] columns = ["PredictedLabel", "Score", "Probability"];

        Assert.Equal(
            RowValues.ReadAll(trainer.Fit(o => o with { MonteCarloDropout = null }).Transform(trainer.Data), columns),
            RowValues.ReadAll(trainer.Fit().Transform(trainer.Data), columns));
    }

    [Fact]
    public void Binary_IsEvaluatedByItsScore()
    {
        TrainerCase trainer = TrainerCase.Of("binary, Monte-Carlo dropout");
        MlpPredictionTransformer with = trainer.Fit(Learning), without = trainer.Fit(o => Learning(o) with { MonteCarloDropout = null });

        CalibratedBinaryClassificationMetrics expected = _context.BinaryClassification.Evaluate(without.Transform(trainer.Data));
        CalibratedBinaryClassificationMetrics actual = _context.BinaryClassification.Evaluate(with.Transform(trainer.Data));

        Assert.Equal((expected.Accuracy, expected.LogLoss, expected.AreaUnderRocCurve), (actual.Accuracy, actual.LogLoss, actual.AreaUnderRocCurve));
        Assert.All(_context.BinaryClassification.CrossValidate(trainer.Data, trainer.Create(_context, Learning), 3),
            fold => Assert.True(fold.Metrics.AreaUnderRocCurve > 0.99));
    }

    [Fact]
    public void Multiclass_IsEvaluatedByItsScore()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass, snapshots with uncertainty");

        Assert.Equal(1, _context.MulticlassClassification.Evaluate(trainer.Fit(Learning).Transform(trainer.Data)).MicroAccuracy);
        Assert.All(_context.MulticlassClassification.CrossValidate(trainer.Data, trainer.Create(_context, Learning), 3),
            fold => Assert.True(fold.Metrics.MacroAccuracy > 0.99));
    }

    [Fact]
    public void Regression_OfAnEnsemble_IsEvaluated()
    {
        TrainerCase trainer = TrainerCase.Of("regression, seeds");
        MlpTrainerOptions Change(MlpTrainerOptions o) => Learning(o) with { MonteCarloDropout = new() { Passes = 2 } };

        Assert.True(_context.Regression.Evaluate(trainer.Fit(Change).Transform(trainer.Data)).RSquared > 0.99);
        Assert.All(_context.Regression.CrossValidate(trainer.Data, trainer.Create(_context, Change), 3), fold => Assert.True(fold.Metrics.RSquared > 0.98));
    }

    [Fact]
    public void Deviation_IsLargerFarFromTheTrainingRows()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer transformer = trainer.Fit(o => Learning(o) with
        {
            HiddenLayers = [new(32) { Dropout = 0.2f }],
            Ensemble = Ensemble.Seeds(3),
            MonteCarloDropout = new()
        });
        PredictionEngine<Row, Prediction> engine = _context.Model.CreatePredictionEngine<Row, Prediction>(transformer);

        float near = engine.Predict(new Row { Features = TrainerCase.FeaturesOf(1) }).ScoreStandardDeviation;
        float far = engine.Predict(new Row { Features = [30, -30, 30, -30] }).ScoreStandardDeviation;

        Assert.True(far > 4 * near && near > 0, $"{near} near, {far} far.");
    }

    private static MlpTrainerOptions Learning(MlpTrainerOptions options) => options with { NumberOfEpochs = 100, LearningRate = 0.02f };

    private static string Bits(params float[] values) => string.Join(',', values.Select(value => BitConverter.SingleToInt32Bits(value).ToString("x8")));

    private sealed class Row
    {
        [VectorType(TrainerCase.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float ScoreMean { get; set; }

        public float ScoreStandardDeviation { get; set; }
    }
}
