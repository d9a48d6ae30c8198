using Microsoft.ML;
using MlNetMlp;

namespace Interrupted;

/// <summary>Trainings that carry much from epoch to epoch, each in another way.</summary>
internal static class TrainingCase
{
    private static readonly Dictionary<string, Func<MlpRegressionTrainer.Options, MlpRegressionTrainer.Options>> _cases = new()
    {
        ["adam"] = o => o with { Optimizer = new Adam(), HiddenLayers = [new(80) { Dropout = 0.2f, Normalization = Normalization.Batch }, new(80)] },
        ["nesterov"] = o => o with { Optimizer = new Nesterov { Coefficient = 0.95f, RampEpochs = 30 }, LearningRate = 0.002f },
        ["lbfgs"] = o => o with { Optimizer = new Lbfgs(), BatchSize = null },
        ["snapshots"] = o => o with { Ensemble = Ensemble.Snapshots(4) },
        ["bagging"] = o => o with { Ensemble = Ensemble.Bagging(3), NumberOfEpochs = 15 },
        ["stopping"] = o => o with { EarlyStopping = new() { Patience = 8 }, ValidationFraction = 0.2f, NumberOfEpochs = 200, LearningRate = 0.01f },
        ["disk"] = o => o with { RowStorage = RowStorage.Disk(Environment.CurrentDirectory), HiddenLayers = [new(80) { Dropout = 0.2f }] },
    };

    /// <summary>Trains, tells of every epoch, saves the model and prints the history without the times.</summary>
    public static void Train(string name, string path, string? checkpoint)
    {
        var context = new MLContext(1);
        Row[] rows = [.. Enumerable.Range(0, 120).Select(i => new Row
        {
            Features = [.. Enumerable.Range(1, 10).Select(k => MathF.Sin(k * i))],
            Label = MathF.Cos(i) + i % 3,
        })];
        MlpRegressionTrainer.Options options = _cases[name](new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(80), new(80)],
            NumberOfEpochs = 40,
            BatchSize = 16,
            Seed = 7,
            NumberOfThreads = 1,
            Checkpoint = checkpoint is null ? null : new TrainingCheckpoint(checkpoint),
            Progress = new Teller(),
        });
        MlpPredictionTransformer model = context.Regression.Trainers.Mlp(options).Fit(context.Data.LoadFromEnumerable(rows));
        model.Model.Network.Save(path);
        foreach (EpochReport report in model.Model.Training!.History)
        {
            Console.WriteLine(report with { Elapsed = TimeSpan.Zero });
        }
    }

    private sealed class Teller : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            Console.WriteLine("epoch");
            Console.Out.Flush();
        }
    }
}
