using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

namespace Cluster;

/// <summary>One training on Adult whose rows are shared out over the silos, in eight shards.</summary>
internal static class IncomeTraining
{
    /// <param name="cluster">The silos; null: all shards are in this process.</param>
    /// <param name="epochs">The number of epochs.</param>
    public static void Run(ITrainingCluster? cluster, int epochs)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView training = IncomeRows.Load(mlContext, "train.csv"), test = IncomeRows.Load(mlContext, "test.csv");

        ITransformer model = mlContext.Transforms.Categorical.OneHotEncoding("Texts")
            .Append(mlContext.Transforms.Concatenate("Features", "Texts", "Numbers"))
            .Append(mlContext.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
            {
                Cluster = cluster,
                Shards = 8,
                Effort = Effort.Plain,
                NumberOfEpochs = epochs,
                BatchSize = 256,
                HiddenLayers = [new(64) { Dropout = 0.2f }, new(64) { Dropout = 0.2f }],
                EarlyStopping = new() { Patience = epochs },
                Progress = new Lines(),
            }))
            .Fit(training);

        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(model.Transform(test));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Test accuracy {metrics.Accuracy:F4}, log-loss {metrics.LogLoss:R}."));
    }

    /// <summary>A line for every epoch.</summary>
    private sealed class Lines : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Epoch {value.Epoch}: loss {value.TrainingLoss:R}, of the rows set aside {value.ValidationLoss:R}."));
    }
}
