using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

/// <summary>Our output columns beside those of ML.NET's own trainers on the same data: same names, types, order and annotations.</summary>
public sealed class OwnTrainersTests
{
    private readonly MLContext _context = new(1);

    [Fact]
    public void Binary_HasTheColumnsOfLogisticRegression() => Compare("binary", _context.BinaryClassification.Trainers.LbfgsLogisticRegression());

    [Fact]
    public void Multiclass_HasTheColumnsOfMaximumEntropy() => Compare("multiclass", _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

    [Fact]
    public void MulticlassWithoutNames_HasTheColumnsOfMaximumEntropy() => Compare("multiclass without names",
        _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

    [Fact]
    public void Regression_HasTheColumnsOfPoissonRegression() => Compare("regression", _context.Regression.Trainers.LbfgsPoissonRegression());

    private void Compare<T>(string name, IEstimator<T> own)
        where T : class, ITransformer
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpTrainerBase ours = trainer.Create(_context);

        SchemaAssert.SameSchema(own.Fit(trainer.Data).GetOutputSchema(trainer.Data.Schema), ours.Fit(trainer.Data).GetOutputSchema(trainer.Data.Schema));
        SchemaAssert.SameShape(own.GetOutputSchema(SchemaAssert.ShapeOf(trainer.Data.Schema)), ours.GetOutputSchema(SchemaAssert.ShapeOf(trainer.Data.Schema)));
    }
}
