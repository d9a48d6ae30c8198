using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Networks;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>A training whose shards are on several silos is the training of one process with these shards, bit for bit.</summary>
public sealed class ClusterTrainingTests
{
    private static readonly string[] _courses =

    [
        "plain", "validation", "shared", "Muon", "rule", "continued", "transferred", "weights", "Rprop", "local", "local, Muon", "16 bits", "one shard",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task AnyNumberOfSilos_GivesTheBitsOfOneProcess(int count)
    {
        await using Silos silos = await Silos.Start(count);
        foreach (string course in _courses)
        {
            MlpTrainingResult found = await SmallTraining.Run(course, silos.Runner());

            SmallTraining.Same(MlpTrainer.Train(SmallTraining.Of(course)), found);
            Assert.All(silos.All, silo => Assert.Equal(0, Silos.ShardsOf(silo).Count));
        }
    }

    /// <summary>A gradient of more elements than a message has, so that it is sent in pieces.</summary>
    [Theory]
    [InlineData(GradientPrecision.Full)]
    [InlineData(GradientPrecision.BFloat16)]
    public async Task WideNetwork_GivesTheBitsOfOneProcess(GradientPrecision precision)
    {
        await using Silos silos = await Silos.Start(2);
        TrainingTask Widen(TrainingTask task) => new(new MlpArchitecture(4, 3) { HiddenLayers = [new(1200), new(700)] }, task.Loss, task.Rows)
        {
            Options = task.Options with { NumberOfEpochs = 1, BatchSize = 48, Shards = 2, GradientPrecision = precision },
        };

        SmallTraining.Same(MlpTrainer.Train(Widen(SmallTraining.Of("plain"))), await SmallTraining.Run("plain", silos.Runner(), Widen));
    }

    /// <summary>As a user of ML.NET writes it: with the effort that is the default, and rows set aside.</summary>
    [Fact]
    public void Trainer_WithACluster_GivesTheScoresOfOneProcess()
    {
        using OrleansRunner runner = OrleansRunner.Local(silos: 2);
        var options = new MlpBinaryTrainer.Options { Shards = 4, NumberOfEpochs = 3, Seed = 1, EarlyStopping = new() { Patience = 2 } };

        Assert.Equal(Scores(options), Scores(options with { Cluster = runner }));

        static IEnumerable<float> Scores(MlpBinaryTrainer.Options options)
        {
            IDataView rows = SmallSearch.Rows();
            return SmallSearch.Context.BinaryClassification.Trainers.Mlp(options).Fit(rows).Transform(rows).GetColumn<float>("Score");
        }
    }
}
