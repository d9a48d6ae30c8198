using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>
/// ML.NET shuffles one feature after the other and measures what is lost: by the typed transformer, and by the last one of a chain,
/// which may come from a file.
/// </summary>
public sealed class PermutationFeatureImportanceTests
{
    private readonly MLContext _context = new(1);

    [Fact]
    public void Binary_BothOverloads_FindTheFeatureThatCounts()
    {
        (TrainerCase trainer, MlpPredictionTransformer transformer) = Fit("binary");

        ImmutableArray<BinaryClassificationMetricsStatistics> typed =
            _context.BinaryClassification.PermutationFeatureImportance(transformer, trainer.Data);
        ImmutableDictionary<string, BinaryClassificationMetricsStatistics> untyped =
            _context.BinaryClassification.PermutationFeatureImportanceNonCalibrated(Loaded(transformer), trainer.Data);

        CheckFirst(typed.Select(metrics => metrics.Accuracy.Mean));
        CheckFirst(untyped.OrderBy(pair => pair.Key).Select(pair => pair.Value.Accuracy.Mean));
    }

    [Fact]
    public void Multiclass_BothOverloads_FindTheFeaturesThatCount()
    {
        (TrainerCase trainer, MlpPredictionTransformer transformer) = Fit("multiclass");

        double[] typed = [.. _context.MulticlassClassification.PermutationFeatureImportance(transformer, trainer.Data).Select(metrics =>
            metrics.MicroAccuracy.Mean)];
        double[] untyped = [.. _context.MulticlassClassification.PermutationFeatureImportance(Loaded(transformer), trainer.Data)
            .OrderBy(pair => pair.Key).Select(pair => pair.Value.MicroAccuracy.Mean)];

        Assert.Equal(3, Array.IndexOf(typed, typed.Max()));
        Assert.Equal(3, Array.IndexOf(untyped, untyped.Max()));
    }

    [Fact]
    public void Regression_BothOverloads_FindTheFeatureThatCounts()
    {
        (TrainerCase trainer, MlpPredictionTransformer transformer) = Fit("regression");

        CheckFirst(_context.Regression.PermutationFeatureImportance(transformer, trainer.Data).Select(metrics => metrics.RSquared.Mean));
        CheckFirst(_context.Regression.PermutationFeatureImportance(Loaded(transformer), trainer.Data)
            .OrderBy(pair => pair.Key).Select(pair => pair.Value.RSquared.Mean));
    }

    /// <summary>The loss of the first feature is the largest: its change of the metric is the lowest.</summary>
    private static void CheckFirst(IEnumerable<double> changes)
    {
        double[] values = [.. changes];
        Assert.Equal(TrainerCase.FeatureCount, values.Length);
        Assert.Equal(0, Array.IndexOf(values, values.Min()));
        Assert.True(values[0] < -0.05);
    }

    private (TrainerCase Trainer, MlpPredictionTransformer Transformer) Fit(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        trainer = trainer with
        {
            Data = trainer.Data.With(ViewColumn.Vector("Features", TrainerCase.FeatureCount, TrainerCase.FeaturesOf, "a", "b",
            "c", "d"))
        };
        return (trainer, trainer.Create(_context, o => o with { NumberOfEpochs = 100, LearningRate = 0.02f }).Fit(trainer.Data));
    }

    /// <summary>A chain from a file, as a program has it that never trained.</summary>
    private static ITransformer Loaded(MlpPredictionTransformer transformer)
    {
        using var file = new MemoryStream(ModelFiles.Save(new TransformerChain<MlpPredictionTransformer>(transformer)));
        return new MLContext(1).Model.Load(file, out _);
    }
}
