using System.Diagnostics;
using System.Diagnostics.Metrics;
using MlNetMlp.Networks;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>Trains on silos in this process, each with one thread, and adds up what the meter <c>MlNetMlp.Orleans</c> says.</summary>
internal static class ClusterMeasurement
{
    private const int Features = 784, Classes = 10, StepsOfEpoch = 16, Epochs = 4;

    public static ClusterPoint Run(int units, int batch, int shards, int silos)
    {
        var random = new Random(1);
        var rows = new InMemoryRows(Features, 1);
        float[] features = new float[Features];
        for (int i = 0; i < StepsOfEpoch * batch; i++)
        {
            for (int j = 0; j < Features; j++)
            {
                features[j] = random.NextSingle();
            }

            rows.Add(features, [random.Next(Classes)]);
        }

        double bytes = 0;
        var epochs = new List<(double Step, double Bytes)>();
        TimeSpan before = default;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "mlnetmlp.gradients.sent")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        object gate = new();
        listener.SetMeasurementEventCallback<long>((_, count, _, _) =>
        {
            lock (gate)
            {
                bytes += count;
            }
        });
        listener.Start();
        using OrleansRunner runner = OrleansRunner.Local(silos, new ClusterTrainingOptions { TrainingsAtOnce = 1 });
        var architecture = new MlpArchitecture(Features, Classes) { HiddenLayers = [new(units), new(units)] };
        MlpTrainingResult result = MlpTrainer.Train(new TrainingTask(architecture, new SoftmaxCrossEntropy(), rows)
        {
            Options = new MlpTrainingOptions { NumberOfEpochs = Epochs, BatchSize = batch, Shards = shards, NumberOfThreads = 1 },
            Cluster = runner,
            Progress = new ImmediateProgress(_ =>
            {
                lock (gate)
                {
                    TimeSpan now = Process.GetCurrentProcess().TotalProcessorTime;
                    epochs.Add(((now - before).TotalSeconds / silos / StepsOfEpoch, bytes / silos / StepsOfEpoch));
                    (before, bytes) = (now, 0);
                }
            }),
        });

        // The first epoch has the sending of rows, and code that is compiled. Each has the state on its way to the client, which counts for its steps.
        (double step, double sent) = epochs.Skip(1).MinBy(epoch => epoch.Step);
        return new ClusterPoint(units, result.Model.Architecture.Layout().TrainableCount, batch, shards, silos, step, sent);
    }
}
