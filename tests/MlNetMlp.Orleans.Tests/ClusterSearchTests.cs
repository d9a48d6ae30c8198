using Microsoft.ML;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>A search on a cluster is the search on threads of one process, bit for bit.</summary>
public sealed class ClusterSearchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task HeldOut_IsThatOfThreads(int count)
    {
        await using Silos silos = await Silos.Start(count);
        using OrleansRunner runner = silos.Runner();

        Assert.Equal(SmallSearch.Text(SmallSearch.Run(null)), SmallSearch.Text(SmallSearch.Run(runner)));
    }

    /// <summary>What a trial learns from is said by numbers of trials, not by which silo is the faster.</summary>
    [Fact]
    public async Task SearchesThatLearn_AreThoseOfThreads()
    {
        await using Silos silos = await Silos.Start(3);
        using OrleansRunner runner = silos.Runner();

        foreach (SearchStrategy strategy in new SearchStrategy[]
        {
            new TreeParzenSearch(14) { RandomTrials = 4, TrialsAtOnce = 3 }, new SuccessiveHalvingSearch(9, 4) { Reduction = 2 },
            new MedianPruningSearch(new RandomSearch(12)) { UnprunedTrials = 2, UnprunedEpochs = 0, TrialsAtOnce = 3 },
        })
        {
            Assert.Equal(
                SmallSearch.Text(SmallSearch.Run(null, strategy: strategy, validation: new CrossValidation(2))),
                SmallSearch.Text(SmallSearch.Run(runner, strategy: strategy, validation: new CrossValidation(2))));
        }
    }

    [Fact]
    public async Task TasksValidationsAndColumns_AreThoseOfThreads()
    {
        await using Silos silos = await Silos.Start(2);
        using OrleansRunner runner = silos.Runner();

        Same(CrossValidation);
        Same(OtherRows);
        Same(Preprocessing);
        Same(Multiclass);
        Same(Regression);

        void Same(Func<TrainingRunner?, string> search) => Assert.Equal(search(null), search(runner));
    }

    [Fact]
    public async Task FailedTrials_AreThoseOfThreads()
    {
        await using Silos silos = await Silos.Start(2);
        using OrleansRunner runner = silos.Runner();
        var space = new SearchSpace<MlpBinaryTrainer.Options>(new MlpBinaryTrainer.Options { Effort = Effort.Plain, NumberOfEpochs = 3, Optimizer = new Sgd() })
            .Choice("rate", [0.01f, 1e30f], (o, x) => o with { LearningRate = x })
            .Choice<BinaryLoss>("loss", [new SigmoidCrossEntropy(), new BinaryHinge()], (o, loss) => o with { Loss = loss })
            .Choice("epochs", [3, 0], (o, n) => o with { NumberOfEpochs = n });
        SearchResult<MlpBinaryTrainer.Options> Run(TrainingRunner? runner) => SmallSearch.Context.BinaryClassification.SearchMlp(
            SmallSearch.Rows(), space, new GridSearch(1), new CrossValidation(2), options: new SearchOptions { Runner = runner, Seed = 3 });

        SearchResult<MlpBinaryTrainer.Options> expected = Run(null), found = Run(runner);

        Assert.Equal(SmallSearch.Text(expected), SmallSearch.Text(found));
        Assert.Equal(7, expected.Trials.Count(trial => trial.Error is not null));
        Assert.Equal(["ArgumentOutOfRangeException", "InvalidOperationException"],
            found.Trials.Select(trial => trial.Error?.GetType().Name).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RowsBeyondTheLimitOfTheDisk_AreSentAgain()
    {
        IDataView rows = SmallSearch.Rows(), others = SmallSearch.Rows(first: 5000);

        // A table with its chunk is some 5 KB: there is space for one and not for two.
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { TrainingsAtOnce = 2, DiskLimit = 8_000 });
        using OrleansRunner runner = silos.Runner();

        foreach (IDataView view in new[] { rows, others, rows })
        {
            Assert.Equal(SmallSearch.Text(SmallSearch.Run(null, rows: view), view), SmallSearch.Text(SmallSearch.Run(runner, rows: view), view));
        }
    }

    [Fact]
    public async Task DiskThatHoldsNotAllRows_EndsTheSearch()
    {
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { DiskLimit = 1000 });
        using OrleansRunner runner = silos.Runner();

        var exception = Assert.Throws<TrainingRunnerException>(() => SmallSearch.Run(runner));

        Assert.Contains("DiskLimit", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LocalSilos_AreThoseOfThreads()
    {
        using OrleansRunner runner = OrleansRunner.Local(silos: 2);

        Assert.Equal(SmallSearch.Text(SmallSearch.Run(null)), SmallSearch.Text(SmallSearch.Run(runner)));
        Assert.Equal("OrleansRunner of 2 local silos", runner.ToString());
    }

    private static string CrossValidation(TrainingRunner? runner) =>
        SmallSearch.Text(SmallSearch.Run(runner, validation: new CrossValidation(3), trials: 3));

    private static string OtherRows(TrainingRunner? runner) =>
        SmallSearch.Text(SmallSearch.Run(runner, validation: new ValidationSet(SmallSearch.Rows(50, first: 1000)), trials: 3));

    /// <summary>Indicators are a sparse vector with names of slots and groups; each fold has a preprocessing, and so rows, of its own.</summary>
    private static string Preprocessing(TrainingRunner? runner) => SmallSearch.Text(SmallSearch.Run(
        runner,
        new SearchSpace<MlpBinaryTrainer.Options>(new MlpBinaryTrainer.Options { FeatureColumnName = "All", ExampleWeightColumnName = "Weight" })
            .Choice("effort", [Effort.Fast, Effort.Plain], (o, effort) => o with { Effort = effort, NumberOfEpochs = 4 }),
        new CrossValidation(2), trials: 2,
        new SearchOptions
        {
            Preprocessing = SmallSearch.Context.Transforms.Categorical.OneHotEncoding("Color")
                .Append(SmallSearch.Context.Transforms.Concatenate("All", "Color", "Features", "Value")),
        }));

    private static string Multiclass(TrainingRunner? runner) => SmallSearch.Text(SmallSearch.Context.MulticlassClassification.SearchMlp(
        SmallSearch.Rows(),
        new SearchSpace<MlpMulticlassTrainer.Options>(new MlpMulticlassTrainer.Options
        {
            LabelColumnName = "Key",
            Effort = Effort.Plain,
            NumberOfEpochs = 4,
            Ensemble = Ensemble.Seeds(2),
            Loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Of(1, 2, 1.5f) },
        }).Choice("units", [5, 9], (o, n) => o with { HiddenLayers = [new(n)] }),
        new GridSearch(2), new HeldOut(0.25),
        options: new SearchOptions { Runner = runner, Seed = 5, Preprocessing = SmallSearch.Context.Transforms.Conversion.MapValueToKey("Key", "Class") }));

    private static string Regression(TrainingRunner? runner) => SmallSearch.Text(SmallSearch.Context.Regression.SearchMlp(
        SmallSearch.Rows(),
        new SearchSpace<MlpRegressionTrainer.Options>(new MlpRegressionTrainer.Options { LabelColumnName = "Value", Effort = Effort.Plain, NumberOfEpochs = 4 })
            .Choice<Optimizer>("optimizer", [new AdamW(), new Lbfgs()], (o, x) => o with { Optimizer = x }),
        new GridSearch(2), new CrossValidation(2), options: new SearchOptions { Runner = runner, Seed = 5 }));
}
