using System.Diagnostics;
using System.Security.Cryptography;
using MlNetMlp.Networks;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>What a step of a training on silo processes costs: mini-batches of 2,048 rows of 784-1024-1024-10.</summary>
/// <param name="Processors">Seconds of processors, of all silos and of the client.</param>
/// <param name="Clock">Seconds.</param>
/// <param name="Result">The checksum of the model.</param>
internal sealed record ClusterStep(double Processors, double Clock, string Result)
{
    private const int Units = 1024, Features = 784, Classes = 10, Batch = 2048, Steps = 16, Epochs = 3;

    private static readonly MlpArchitecture _architecture = new(Features, Classes) { HiddenLayers = [new(Units), new(Units)] };

    /// <summary>The bytes of a gradient.</summary>
    public static int GradientBytes => _architecture.Layout().TrainableCount * sizeof(float);

    /// <summary>The cheapest epoch but the first, by step.</summary>
    /// <param name="silos">The silos.</param>
    /// <param name="cluster">The same.</param>
    /// <param name="options">The shards, and how they exchange.</param>
    public static ClusterStep Measure(SiloProcesses silos, ITrainingCluster cluster, MlpTrainingOptions options)
    {
        var epochs = new List<(TimeSpan Processors, TimeSpan Clock)>();
        using var self = Process.GetCurrentProcess();
        var clock = Stopwatch.StartNew();
        MlpTrainingResult result = MlpTrainer.Train(new TrainingTask(_architecture, new SoftmaxCrossEntropy(), Rows())
        {
            Options = options with { NumberOfEpochs = Epochs, BatchSize = Batch, NumberOfThreads = 1, Seed = 1 },
            Cluster = cluster,
            Progress = new ImmediateProgress(_ =>
            {
                self.Refresh();
                epochs.Add((self.TotalProcessorTime + silos.ProcessorTime, clock.Elapsed));
            }),
        });
        return new ClusterStep(
            epochs.Zip(epochs.Skip(1), (before, after) => (after.Processors - before.Processors).TotalSeconds / Steps).Min(),
            epochs.Zip(epochs.Skip(1), (before, after) => (after.Clock - before.Clock).TotalSeconds / Steps).Min(),
            Convert.ToHexString(SHA256.HashData(SmallData.Saved(result.Model))));
    }

    private static InMemoryRows Rows()
    {
        var random = new Random(1);
        var rows = new InMemoryRows(Features, 1);
        float[] features = new float[Features];
        for (int i = 0; i < Steps * Batch; i++)
        {
            for (int j = 0; j < Features; j++)
            {
                features[j] = random.NextSingle();
            }

            rows.Add(features, [random.Next(Classes)]);
        }

        return rows;
    }
}
