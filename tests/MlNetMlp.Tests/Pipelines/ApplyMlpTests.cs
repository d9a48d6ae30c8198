using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>Networks that come from an ONNX file instead of a training, as a step of a pipeline.</summary>
public sealed class ApplyMlpTests
{
    private static readonly string[] _trees = ["ash", "birch", "cedar"];

    /// <summary>Trainers whose labels have no names, or those of <see cref="_trees"/>.</summary>
    public static TheoryData<string> Cases =>
        ["binary", "multiclass", "multiclass without names", "multiclass, hinge", "regression", "regression, seeds", "multi-output regression without names"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_ImportedNetwork_AddsTheColumnsOfTheTransformerThatWasTrained(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer trained = trainer.Fit();
        MlpScoringEstimator estimator = Estimator(new MLContext(1), name, Import(trained));

        MlpPredictionTransformer imported = estimator.Fit(trainer.Data);

        SchemaAssert.SameSchema(trained.GetOutputSchema(trainer.Data.Schema), imported.GetOutputSchema(trainer.Data.Schema));
        Assert.Equal(RowValues.ReadAll(trained.Transform(trainer.Data)), RowValues.ReadAll(imported.Transform(trainer.Data)));
        SchemaAssert.SameShape(
            estimator.GetOutputSchema(SchemaAssert.ShapeOf(trainer.Data.Schema)), SchemaAssert.ShapeOf(imported.GetOutputSchema(trainer.Data.Schema)));
        Assert.Null(imported.Model.Training);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SaveAndLoad_ImportedNetwork_GivesTheSameBits(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer imported = Estimator(new MLContext(1), name, Import(trainer.Fit())).Fit(trainer.Data);

        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(imported));

        Assert.Equal(RowValues.ReadAll(imported.Transform(trainer.Data)), RowValues.ReadAll(loaded.Transform(trainer.Data)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_OfATrainerFromAnImportedNetwork_TrainsItFurther(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpModel network = Import(trainer.Fit());
        MlpPredictionTransformer imported = Estimator(new MLContext(1), name, network).Fit(trainer.Data);
        MlpTrainerBase further = trainer.Create(
            new MLContext(1), options => options with { HiddenLayers = network.Architecture.HiddenLayers, NumberOfEpochs = 20, LearningRate = 0.01f });

        MlpTrainingResult result = further.Fit(trainer.Data, imported.Model).Model.Training!;

        Assert.False(result.IsInitialModel);
        double first = result.History[0].TrainingLoss, last = result.History[^1].TrainingLoss;
        Assert.True(last < 0.9 * first, $"{first} {last}");
    }

    /// <summary>A classifier's parameters are all in the file: training on from it is training on from the network that was written.</summary>
    [Theory]
    [InlineData("binary")]
    [InlineData("multiclass")]
    public void Fit_OfATrainerFromAnImportedClassifier_IsThatFromTheOneThatWasWritten(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer trained = trainer.Fit(), imported = Estimator(new MLContext(1), name, Import(trained)).Fit(trainer.Data);

        MlpPredictionTransformer fromTrained = trainer.Create(new MLContext(1)).Fit(trainer.Data, trained.Model);
        MlpPredictionTransformer fromImported = trainer.Create(new MLContext(1)).Fit(trainer.Data, imported.Model);

        Assert.Equal(RowValues.ReadAll(fromTrained.Transform(trainer.Data)), RowValues.ReadAll(fromImported.Transform(trainer.Data)));
    }

    [Fact]
    public void Append_ToAPipeline_ScoresItsRows()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpPredictionTransformer trained = trainer.Fit();
        var context = new MLContext(1);
        var pipeline = context.Transforms.CopyColumns("Inputs", "Features")
            .Append(context.MulticlassClassification.ApplyMlp(Import(trained), _trees, "Inputs"))
            .Append(context.Transforms.Conversion.MapKeyToValue("Tree", "PredictedLabel"));

        IDataView scored = pipeline.Fit(trainer.Data).Transform(trainer.Data);

        uint[] keys = [.. trained.Transform(trainer.Data).GetColumn<uint>("PredictedLabel")];
        Assert.Equal(keys.Select(key => _trees[key - 1]), scored.GetColumn<string>("Tree"));
    }

    [Fact]
    public void Fit_OfATrainerWhoseKeysStandForOthers_IsRefused()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpPredictionTransformer imported =
            new MLContext(1).MulticlassClassification.ApplyMlp(Import(trainer.Fit()), ["cedar", "birch", "ash"]).Fit(trainer.Data);

        var exception = Assert.Throws<ArgumentException>(() => trainer.Create(new MLContext(1)).Fit(trainer.Data, imported.Model));

        Assert.Contains("stand for other classes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ApplyMlp_NetworkOfAnotherTask_IsRefused()
    {
        var context = new MLContext(1);
        MlpModel binary = TrainerCase.Of("binary").Fit().Model.Network, classes = TrainerCase.Of("multiclass").Fit().Model.Network;

        Exception[] exceptions =
        [
            Assert.Throws<ArgumentException>(() => context.MulticlassClassification.ApplyMlp(binary)),
            Assert.Throws<ArgumentException>(() => context.Regression.ApplyMlp(binary)),
            Assert.Throws<ArgumentException>(() => context.BinaryClassification.ApplyMlp(classes)),
        ];

        Assert.Equal(
            [
                "SigmoidCrossEntropy, which is not one for multiclass", "SigmoidCrossEntropy, which is not one for regression",
                "SoftmaxCrossEntropy, which is not one for binary",
            ],
            exceptions.Select(exception => exception.Message["The network has the loss ".Length..].Split(" classification")[0].Split(';')[0]));
        Assert.Contains(
            "2 names for the 3 outputs",
            Assert.Throws<ArgumentException>(() => context.MulticlassClassification.ApplyMlp(classes, ["a", "b"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => context.Regression.ApplyMlp(null!));
    }

    [Fact]
    public void Fit_FeaturesThatDoNotFit_AreRefusedByName()
    {
        var context = new MLContext(1);
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpModel network = trainer.Fit().Model.Network;
        SchemaShape shape = SchemaAssert.ShapeOf(trainer.Data.Schema);

        MlpScoringEstimator Of(string column) => context.BinaryClassification.ApplyMlp(network, column);
        Assert.Contains("'Inputs' is missing", Refusal(() => Of("Inputs").Fit(trainer.Data)), StringComparison.Ordinal);
        Assert.Contains("'Inputs' is missing", Refusal(() => Of("Inputs").GetOutputSchema(shape)), StringComparison.Ordinal);
        Assert.Contains("it is String", Refusal(() => Of("Name").Fit(trainer.Data)), StringComparison.Ordinal);
        Assert.Contains("it is String", Refusal(() => Of("Name").GetOutputSchema(shape)), StringComparison.Ordinal);
        Assert.Contains("has 3 slots; the network takes 4", Refusal(() => Of("Other").Fit(trainer.Data)), StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;

    private static MlpModel Import(MlpPredictionTransformer trained)
    {
        using var stream = new MemoryStream();
        trained.Model.Network.SaveAsOnnx(stream);
        stream.Position = 0;
        return OnnxModel.Load(stream);
    }

    private static MlpScoringEstimator Estimator(MLContext context, string name, MlpModel network) => name switch
    {
        "binary" => context.BinaryClassification.ApplyMlp(network),
        "multiclass" or "multiclass, hinge" => context.MulticlassClassification.ApplyMlp(network, _trees),
        "multiclass without names" => context.MulticlassClassification.ApplyMlp(network),
        _ => context.Regression.ApplyMlp(network),
    };
}
