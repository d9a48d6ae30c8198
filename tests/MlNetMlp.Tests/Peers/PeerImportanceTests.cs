using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Peers;

/// <summary>Permutation feature importance of our models and of ML.NET's: the same names, and the same feature first.</summary>
[Trait("Needs", "x64")]
public sealed class PeerImportanceTests
{
    private readonly MLContext _context = new(1);

    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void Importance_OfAFittedPipeline_NamesTheFeaturesAndFindsTheFirst(string task, string name)
    {
        PeerPipeline pipeline = PeerPipeline.Of(task, name);

        Dictionary<string, double> changes = Importance(pipeline.Model, pipeline.Scored(_context), task, useFeatureWeightFilter: false);

        // The slots of a vector have no names of their own.
        Assert.Equal(["Colour.blue", "Colour.green", "Colour.red", "Size", "Slot 4", "Slot 5"], changes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Size", changes.MinBy(change => change.Value).Key);
        Assert.True(changes["Size"] < -0.1, $"{changes["Size"]}");
        Assert.InRange(changes["Slot 5"], -0.05, 0.05);
    }

    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void Importance_OfALoadedPipeline_IsTheSame(string task, string name)
    {
        PeerPipeline pipeline = PeerPipeline.Of(task, name);

        // Each asks a new context, whose seed decides how the rows are shuffled.
        Assert.Equal(
            Importance(pipeline.Model, pipeline.Scored(_context), task, useFeatureWeightFilter: false),
            Importance(ModelFiles.Load(ModelFiles.Save(pipeline.Model)), pipeline.Scored(_context), task, useFeatureWeightFilter: false));
    }

    /// <summary>A filter by the weights of features, which linear models and trees have, leaves all of them where there are none.</summary>
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Importance_WithAFilterByWeights_IsThatWithoutOne(string task)
    {
        PeerPipeline pipeline = PeerPipeline.Of(task, "Mlp");

        Assert.Equal(
            Importance(pipeline.Model, pipeline.Scored(_context), task, useFeatureWeightFilter: false),
            Importance(pipeline.Model, pipeline.Scored(_context), task, useFeatureWeightFilter: true));
    }

    /// <summary>ML.NET transforms nothing for it: a pipeline is given rows that have its features already.</summary>
    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void Importance_OnRowsBeforeThePreprocessing_IsRefused(string task, string name)
    {
        ITransformer model = PeerPipeline.Of(task, name).Model;
        IDataView raw = _context.Data.LoadFromEnumerable(PeerPipeline.TestRows);

        Exception refusal = Assert.ThrowsAny<Exception>(() => Importance(model, raw, task, useFeatureWeightFilter: false));

        Assert.Contains("Feature", Assert.IsType<ArgumentOutOfRangeException>(refusal.GetBaseException()).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, double> Importance(ITransformer model, IDataView rows, string task, bool useFeatureWeightFilter)
    {
        var context = new MLContext(1);
        return task switch
        {
            "binary" => context.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, rows, useFeatureWeightFilter: useFeatureWeightFilter)
                .ToDictionary(pair => pair.Key, pair => pair.Value.Accuracy.Mean),
            "multiclass" => context.MulticlassClassification.PermutationFeatureImportance(model, rows, useFeatureWeightFilter: useFeatureWeightFilter)
                .ToDictionary(pair => pair.Key, pair => pair.Value.MicroAccuracy.Mean),
            _ => context.Regression.PermutationFeatureImportance(model, rows, useFeatureWeightFilter: useFeatureWeightFilter)
                .ToDictionary(pair => pair.Key, pair => pair.Value.RSquared.Mean),
        };
    }
}
