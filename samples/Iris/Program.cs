// Three species of iris from four measurements: classes with text labels, and the probability of each. On 120 rows trees are hard to beat by log-loss, and
// this sample says so.
//
//     dotnet run -c Release --project samples/Iris [-- --epochs 100]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 100;
string data = Path.Combine(AppContext.BaseDirectory, "Data");
var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Flower>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Flower>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

// Text labels become keys, and the predicted key a text again.
var features = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Flower.Species))
    .Append(mlContext.Transforms.Concatenate("Features",
        nameof(Flower.SepalLength), nameof(Flower.SepalWidth), nameof(Flower.PetalLength), nameof(Flower.PetalWidth)));
ITransformer model = features
    .Append(mlContext.MulticlassClassification.Trainers.Mlp(hiddenUnits: [32], numberOfEpochs: epochs, learningRate: 0.01f))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(training);
Print("Test", model);

// What the simplest answer reaches, and boosted trees on the same features.
string[] species = [.. test.GetColumn<string>(nameof(Flower.Species))];
string frequent = training.GetColumn<string>(nameof(Flower.Species)).GroupBy(name => name).MaxBy(group => group.Count())!.Key;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Always {frequent}: accuracy {species.Count(name => name == frequent) / (double)species.Length:F4}"));
if (LightGbm.IsSupported)
{
    Print("LightGBM", features.Append(mlContext.MulticlassClassification.Trainers.LightGbm()).Fit(training));
}

// The order of the probabilities is that of the slot names.
VBuffer<ReadOnlyMemory<char>> names = default;
model.GetOutputSchema(training.Schema)["Score"].GetSlotNames(ref names);
var engine = mlContext.Model.CreatePredictionEngine<Flower, Prediction>(model);
Prediction prediction = engine.Predict(new Flower { SepalLength = 5.1f, SepalWidth = 3.5f, PetalLength = 1.4f, PetalWidth = 0.2f });
Console.WriteLine($"A flower with short petals is predicted to be {prediction.PredictedLabel}:");
foreach ((ReadOnlyMemory<char> name, float probability) in names.DenseValues().Zip(prediction.Score))
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16} {probability:P1}"));
}

void Print(string name, ITransformer fitted)
{
    MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(fitted.Transform(test));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}"));
}

internal sealed class Flower
{
    [LoadColumn(0)]
    public float SepalLength { get; set; }

    [LoadColumn(1)]
    public float SepalWidth { get; set; }

    [LoadColumn(2)]
    public float PetalLength { get; set; }

    [LoadColumn(3)]
    public float PetalWidth { get; set; }

    [LoadColumn(4)]
    public string Species { get; set; } = "";
}

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
