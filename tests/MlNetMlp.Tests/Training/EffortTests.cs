using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>What an effort chooses, by what the trained model has; the values are those of the table in its documentation.</summary>
public sealed class EffortTests
{
    private readonly MLContext _context = new(1);
    private readonly RowsView _rows = TrainerCase.Of("regression").Data;

    [Fact]
    public void Fit_NothingSet_FollowsTheTable()
    {
        Assert.Equal(("4-64-64-1 (8 members)", 13), Shape(new() { Seed = 1 }));
        Assert.Equal(("4-64-64-1 (3 members)", 6), Shape(new() { Effort = Effort.Fast }));
        Assert.Equal(("4-64-64-1 (4 members)", 4 * 18), Shape(new() { Effort = Effort.Best }));
        Assert.Equal(("4-128-128-1", 50), Shape(new() { Effort = Effort.Plain }));
    }

    /// <summary>Also where it is the value that the option has by default.</summary>
    [Fact]
    public void Fit_WhatIsSet_Wins()
    {
        Assert.Equal(("4-128-128-1 (8 members)", 50), Shape(new() { HiddenLayers = [new(128), new(128)], NumberOfEpochs = 50 }));
        Assert.Equal(("4-64-64-1", 3), Shape(new() { Ensemble = null, NumberOfEpochs = 3 }));
        Assert.Equal(("4-1", 3), Shape(new() { HiddenLayers = [], NumberOfEpochs = 3 }));

        MlpModel plain = Fit(new() { NumericEmbedding = null, MissingIndicators = false, FeatureScaling = FeatureScaling.Standardize, NumberOfEpochs = 1 });
        Assert.Null(plain.Architecture.Encoding);
        Assert.NotNull(Fit(new() { NumberOfEpochs = 1 }).Architecture.Encoding);
        Assert.Null(Fit(new() { FeatureScaling = FeatureScaling.None, NumberOfEpochs = 1 }).Architecture.Encoding);
    }

    [Fact]
    public void Fit_WholeBatchOptimizer_IsLeftAsItIs()
    {
        MlpModel model = Fit(new() { Optimizer = new Lbfgs(), NumberOfEpochs = 2 });
        Assert.Equal(8, model.Architecture.SharedMembers);
    }

    /// <summary>What would contradict something that was set is not chosen: more columns than units, fewer epochs than snapshots.</summary>
    [Fact]
    public void Fit_WhatIsSet_IsNotContradicted()
    {
        Assert.Equal(("4-4-8-1", 1), Shape(new() { HiddenLayers = [new(4) { Residual = true }, new(8)], NumberOfEpochs = 1 }));
        Assert.Equal(12, Fit(new() { Ensemble = Ensemble.Snapshots(12) }).Networks.Count);
    }

    /// <summary>1,000 rows make 63 mini-batches of 16, one of 1,000, four of 256; 5,000 make two of 2,500.</summary>
    [Theory]
    [InlineData(1_000, null, 52)]
    [InlineData(1_000, 1_000, 300)]
    [InlineData(1_000, 256, 75)]
    [InlineData(5_000, 2_500, 150)]
    [InlineData(5_000, 8, 52)]
    [InlineData(20, 20, 156)]
    public void Choose_OptimizerAndBatchSize_GetEnoughSteps(int rows, int? batchSize, int epochs)
    {
        var options = new MlpRegressionTrainer.Options { Optimizer = new Sgd(), BatchSize = batchSize };
        MlpTrainerOptions chosen = EffortTable.Choose(options, rows, isSparse: false, hasClasses: false, groups: [], initial: null);
        Assert.Equal((epochs, batchSize ?? chosen.BatchSize), (chosen.NumberOfEpochs, chosen.BatchSize));
    }

    [Theory]
    [InlineData(500, 100, false, 13, null, "Muon", 0.01f)]
    [InlineData(2_999, 100, true, 10, null, "Muon", 0.01f)]
    [InlineData(3_000, 100, false, 13, 64, "Muon", 0.015f)]
    [InlineData(19_999, 100, true, 10, 64, "Muon", 0.015f)]
    [InlineData(20_000, 100, false, 10, 128, "Muon", 0.015f)]
    [InlineData(20_000, 100, true, 10, 128, "Muon", 0.015f)]
    [InlineData(500, 600, false, 13, null, "AdamW", 0.005f)]
    public void Choose_RowsLabelsAndWidth_FollowTheTable(int rows, int width, bool hasClasses, int epochs, int? batchSize, string optimizer, float rate)
    {
        MlpTrainerOptions chosen = EffortTable.Choose(
            new MlpRegressionTrainer.Options { HiddenLayers = [new(width)] }, rows, isSparse: false, hasClasses, groups: [], initial: null);
        Assert.Equal((epochs, batchSize, Schedule.FlatThenCosine(rate)), (chosen.NumberOfEpochs, chosen.BatchSize, chosen.LearningRate));
        Assert.Equal(optimizer, chosen.Optimizer.GetType().Name);
    }

    [Fact]
    public void Choose_LabelsAndEffort_DecideOnDropoutAndEpochs()
    {
        Assert.Equal((0, 0, 0), Dropout(Effort.Fast));
        Assert.Equal((0.1f, 0, 0), Dropout(Effort.Balanced));
        Assert.Equal((0.1f, 0, 0), Dropout(Effort.Best));

        Assert.Equal((9, 12, 12, 12), (Epochs(2_999, true), Epochs(3_000, true), Epochs(20_000, true), Epochs(20_000, false)));

        static int Epochs(int rows, bool hasClasses) => EffortTable.Choose(
            new MlpRegressionTrainer.Options { Effort = Effort.Best }, rows, isSparse: false, hasClasses, groups: [], initial: null).NumberOfEpochs;
        static (float FewClasses, float Classes, float Numbers) Dropout(Effort effort) =>
            (DropoutOf(effort, 2_999, true), DropoutOf(effort, 3_000, true), DropoutOf(effort, 2_999, false));

        static float DropoutOf(Effort effort, int rows, bool hasClasses) => EffortTable.Choose(
            new MlpRegressionTrainer.Options { Effort = effort }, rows, isSparse: false, hasClasses, groups: [], initial: null).HiddenLayers[1].Dropout;
    }

    [Fact]
    public void Choose_SparseRows_DropFeaturesAndUnits()
    {
        MlpTrainerOptions few = EffortTable.Choose(new MlpMulticlassTrainer.Options(), 9_999, isSparse: true, hasClasses: true, groups: [], initial: null);
        MlpTrainerOptions many = EffortTable.Choose(new MlpMulticlassTrainer.Options { InputDropout = 0.1f }, 10_000, true, true, groups: [], initial: null);
        Assert.Equal((0.5f, 0.5f, 12), (few.InputDropout, few.HiddenLayers[0].Dropout, few.NumberOfEpochs));
        Assert.Equal((0.1f, 0.5f, 6), (many.InputDropout, many.HiddenLayers[0].Dropout, many.NumberOfEpochs));
        Assert.Null(few.EarlyStopping);
    }

    [Fact]
    public void Choose_Effort_DecidesOnTheNumberOfNetworksAndMembers()
    {
        Assert.Equal(Ensemble.Shared(3), Dense(Effort.Fast, 19_999));
        Assert.Equal(Ensemble.Shared(2), Dense(Effort.Fast, 20_000));
        Assert.Equal(Ensemble.Shared(8), Dense(Effort.Balanced, 19_999));
        Assert.Equal(Ensemble.Shared(4), Dense(Effort.Balanced, 20_000));
        Assert.Equal(Ensemble.Seeds(4).Of(Ensemble.Shared(4)), Dense(Effort.Best, 500));
        Assert.Equal((null, Ensemble.Seeds(2), Ensemble.Seeds(4)), (Sparse(Effort.Fast), Sparse(Effort.Balanced), Sparse(Effort.Best)));
        Assert.Null(Choose(new() { Effort = Effort.Best, HiddenLayers = [] }, 500, isSparse: false).Ensemble);
        Assert.Null(Choose(new() { Effort = Effort.Best, HiddenLayers = [] }, 500, isSparse: true).Ensemble);

        static Ensemble? Dense(Effort effort, int rows) => Choose(new() { Effort = effort }, rows, isSparse: false).Ensemble;
        static Ensemble? Sparse(Effort effort) => Choose(new() { Effort = effort }, 500, isSparse: true).Ensemble;
        static MlpTrainerOptions Choose(MlpRegressionTrainer.Options options, int rows, bool isSparse) =>
            EffortTable.Choose(options, rows, isSparse, hasClasses: false, groups: [], initial: null);
    }

    [Fact]
    public void Fit_Further_KeepsTheLayersOfTheModel()
    {
        MlpPredictionTransformer first = Trainer(new() { Effort = Effort.Fast, HiddenLayers = [new(7)] }).Fit(_rows);
        MlpPredictionTransformer second = Trainer(new() { Effort = Effort.Best, NumberOfEpochs = 2 }).Fit(_rows, first.Model);

        Assert.Equal("4-7-1 (3 members)", second.Model.Network.Architecture.ToString());
        Assert.Equal(first.Model.Network.Architecture.Encoding, second.Model.Network.Architecture.Encoding);
    }

    /// <summary>Also where it has several networks, which no effort chooses.</summary>
    [Fact]
    public void Fit_FurtherFromAnEnsemble_KeepsItsNetworksAndMembers()
    {
        MlpPredictionTransformer first = Trainer(new() { Ensemble = Ensemble.CrossFitted(2).Of(Ensemble.Shared(3)), NumberOfEpochs = 1 }).Fit(_rows);
        MlpModel second = Trainer(new() { NumberOfEpochs = 1 }).Fit(_rows, first.Model).Model.Network;

        Assert.Equal((2, 6), (second.Networks.Count, second.Members.Count));
        Assert.Throws<ArgumentException>(() => Trainer(new() { NumberOfEpochs = 1, Ensemble = Ensemble.Shared(3) }).Fit(_rows, first.Model));
    }

    /// <summary>
    /// No effort gives a linear model members, and Fast none of rows of which nearly everything is zero: at once, or as soon as the rows are known.
    /// </summary>
    [Fact]
    public void MonteCarloDropout_NothingRandom_IsRefused()
    {
        RowsView sparse = new(60, ViewColumn.Number("Label", row => row), ViewColumn.Sparse("Features", 2000, row => ([1], [row % 2000])));

        Assert.Contains("nothing would differ from pass to pass", Assert.Throws<ArgumentException>(() =>
            Trainer(new() { HiddenLayers = [], MonteCarloDropout = new() })).Message, StringComparison.Ordinal);
        Assert.Contains("nothing would differ from pass to pass", Assert.Throws<ArgumentException>(() =>
            Trainer(new() { Effort = Effort.Fast, HiddenLayers = [new(8)], InputDropout = 0, MonteCarloDropout = new() }).Fit(sparse)).Message,
            StringComparison.Ordinal);
        Assert.NotNull(Trainer(new() { MonteCarloDropout = new(), NumberOfEpochs = 1 }).Fit(sparse));
    }

    /// <summary>Neither a row alone nor a block: what a thread needs, it keeps from the first row on.</summary>
    [Fact]
    public void Predict_DefaultModel_AllocatesNothing()
    {
        MlpModel model = Fit(new() { Seed = 1 });
        float[] features = new float[50 * model.FeatureCount], scores = new float[50];
        Assert.NotNull(model.Architecture.Encoding);

        Assert.Equal(0, Allocations.Of(() => model.Predict(features.AsSpan(0, model.FeatureCount), scores.AsSpan(0, 1))));
        Assert.Equal(0, Allocations.Of(() => model.Predict(features, scores, 50)));
    }

    private MlpRegressionTrainer Trainer(MlpRegressionTrainer.Options options) => _context.Regression.Trainers.Mlp(options with { NumberOfThreads = 1 });

    private MlpModel Fit(MlpRegressionTrainer.Options options) => Trainer(options).Fit(_rows).Model.Network;

    private (string Architecture, int Epochs) Shape(MlpRegressionTrainer.Options options)
    {
        MlpModelParameters model = Trainer(options).Fit(_rows).Model;
        return (model.Network.Architecture.ToString(), model.Training!.History.Count);
    }
}
