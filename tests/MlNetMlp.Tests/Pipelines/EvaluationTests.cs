using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>ML.NET's evaluators and cross-validation find what they need.</summary>
public sealed class EvaluationTests
{
    private readonly MLContext _context = new(1);

    [Fact]
    public void Binary_IsEvaluatedAndCrossValidated()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpTrainerBase estimator = trainer.Create(_context, Learning);

        CalibratedBinaryClassificationMetrics metrics = _context.BinaryClassification.Evaluate(estimator.Fit(trainer.Data).Transform(trainer.Data));
        var folds = _context.BinaryClassification.CrossValidate(trainer.Data, estimator, numberOfFolds: 3);

        Assert.Equal(1, metrics.Accuracy);
        Assert.True(metrics.LogLoss < 0.1);
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.AreaUnderRocCurve > 0.99));
    }

    [Fact]
    public void Multiclass_IsEvaluatedAndCrossValidated()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpTrainerBase estimator = trainer.Create(_context, Learning);

        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(estimator.Fit(trainer.Data).Transform(trainer.Data));
        var folds = _context.MulticlassClassification.CrossValidate(trainer.Data, estimator, numberOfFolds: 3);

        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MacroAccuracy > 0.99));
    }

    [Fact]
    public void Regression_IsEvaluatedAndCrossValidated()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpTrainerBase estimator = trainer.Create(_context, Learning);

        RegressionMetrics metrics = _context.Regression.Evaluate(estimator.Fit(trainer.Data).Transform(trainer.Data));
        var folds = _context.Regression.CrossValidate(trainer.Data, estimator, numberOfFolds: 3);

        Assert.True(metrics.RSquared > 0.99, $"R squared is {metrics.RSquared}.");
        Assert.All(folds, fold => Assert.True(fold.Metrics.RSquared > 0.98, $"R squared is {fold.Metrics.RSquared}."));
    }

    private static MlpTrainerOptions Learning(MlpTrainerOptions options) => options with { NumberOfEpochs = 100, LearningRate = 0.02f };
}
