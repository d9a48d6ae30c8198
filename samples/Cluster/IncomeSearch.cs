using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Search;

namespace Cluster;

/// <summary>Twelve random points of learning rate, width and dropout on Adult.</summary>
internal static class IncomeSearch
{
    public static void Run(TrainingRunner runner, int epochs)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView training = IncomeRows.Load(mlContext, "train.csv"), test = IncomeRows.Load(mlContext, "test.csv");

        var space = new SearchSpace<MlpBinaryTrainer.Options>(new MlpBinaryTrainer.Options
        {
            Effort = Effort.Plain,
            NumberOfEpochs = epochs,
            EarlyStopping = new() { Patience = 3 },
        })
            .Number("rate", 3e-4f, 1e-2f, SearchScale.Logarithmic, (o, x) => o with { LearningRate = Schedule.Cosine(x) })
            .WholeNumber("units", 8, 64, SearchScale.Logarithmic, (o, n) => o with { HiddenLayers = [new(n), new(n)] }, step: 8)
            .Number("dropout", 0, 0.5f, SearchScale.Linear, (o, p) => o with
            {
                HiddenLayers = [.. o.HiddenLayers.Select(layer => layer with { Dropout = p })],
            });

        SearchResult<MlpBinaryTrainer.Options> result = mlContext.BinaryClassification.SearchMlp(
            training, space, new RandomSearch(trials: 12), new HeldOut(0.2), BinaryMetric.LogLoss, new SearchOptions
            {
                Runner = runner,
                Seed = 1,
                Preprocessing = mlContext.Transforms.Categorical.OneHotEncoding("Texts")
                    .Append(mlContext.Transforms.Concatenate("Features", "Texts", "Numbers")),
                Progress = new Lines(),
            });

        Console.WriteLine(result);
        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(result.Model.Transform(test));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Test accuracy {metrics.Accuracy:F4}, log-loss {metrics.LogLoss:F4}: trial {result.Best.Number}, trained on all rows of the training set."));
        double majority = test.GetColumn<bool>("Label").Average(above => above ? 0.0 : 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Always below 50,000: accuracy {majority:F4}"));
    }

    /// <summary>A line for every trial that ends.</summary>
    private sealed class Lines : IProgress<SearchTrial>
    {
        public void Report(SearchTrial value) => Console.WriteLine(value);
    }
}
