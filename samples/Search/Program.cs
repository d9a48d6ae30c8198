// A search for good options, on handwritten digits: random points, each evaluated on digits that were held out; at the end beside the options that nobody
// searched for.
//
//     dotnet run -c Release --project samples/Search [-- --epochs 12]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Search;
using Search;

int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 12;
string data = Path.Combine(AppContext.BaseDirectory, "Data");

var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

var space = new SearchSpace<MlpMulticlassTrainer.Options>(new MlpMulticlassTrainer.Options
{
    Effort = Effort.Plain,
    FeatureColumnName = nameof(Digit.Pixels),
    NumberOfEpochs = epochs
})
    .Number("rate", 1e-4f, 3e-2f, SearchScale.Logarithmic, (o, x) => o with { LearningRate = Schedule.Cosine(x) })
    .WholeNumber("units", 16, 160, SearchScale.Logarithmic, (o, n) => o with { HiddenLayers = [new(n)] }, step: 8)
    .Number("dropout", 0, 0.5f, SearchScale.Linear, (o, p) => o with { HiddenLayers = [.. o.HiddenLayers.Select(layer => layer with { Dropout = p })] })
    .Branch(
        "optimizer",
        ("AdamW", s => s.Set(o => o with { Optimizer = new AdamW() })),
        ("Nesterov", s => s.Number("momentum", 0.5f, 0.95f, SearchScale.Linear, (o, x) => o with { Optimizer = new Nesterov { Coefficient = x } })));

SearchResult<MlpMulticlassTrainer.Options> result = TrialDisplay.Run(space.Names, progress =>
    mlContext.MulticlassClassification.SearchMlp(training, space, new RandomSearch(trials: 16), new HeldOut(0.25), MulticlassMetric.LogLoss, new SearchOptions
    {
        Preprocessing = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Digit.Number)),
        Postprocessing = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"),
        Progress = progress,
    }));

Console.WriteLine(result);

string file = Path.Combine(AppContext.BaseDirectory, "trials.csv");
result.SaveCsv(file);
Console.WriteLine($"Saved {file}.");

Console.WriteLine($"The best is trial {result.Best.Number}, trained on all digits of the training set; it was chosen without the test set.");
Print("Test", result.Model);
Print("Without a search:", mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Digit.Number))
    .Append(mlContext.MulticlassClassification.Trainers.Mlp(featureColumnName: nameof(Digit.Pixels)))
    .Fit(training));

void Print(string name, ITransformer model)
{
    MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}"));
}

internal sealed class Digit
{
    [LoadColumn(0, 63)]
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public uint Number { get; set; }
}
