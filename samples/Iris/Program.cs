// Three species of iris from four measurements, with text labels.
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

var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Flower.Species))
    .Append(mlContext.Transforms.Concatenate("Features",
        nameof(Flower.SepalLength), nameof(Flower.SepalWidth), nameof(Flower.PetalLength), nameof(Flower.PetalWidth)))
    .Append(mlContext.MulticlassClassification.Trainers.Mlp(hiddenUnits: [32], numberOfEpochs: epochs, learningRate: 0.01f))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

ITransformer model = pipeline.Fit(training);
MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Test accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}"));

var engine = mlContext.Model.CreatePredictionEngine<Flower, Prediction>(model);
var flower = new Flower { SepalLength = 5.1f, SepalWidth = 3.5f, PetalLength = 1.4f, PetalWidth = 0.2f };
Console.WriteLine($"A flower with short petals is predicted to be {engine.Predict(flower).PredictedLabel}.");

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
}
