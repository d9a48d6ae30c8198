// Handwritten digits, end to end: load, train with a live display, evaluate, save model.zip, load it again, predict.
//
//     dotnet run -c Release --project samples/Digits [-- --epochs 60]

using System.Globalization;
using Digits;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 60;
string data = Path.Combine(AppContext.BaseDirectory, "Data");

var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

ITransformer model = TrainingDisplay.Run(epochs, progress =>
{
    var options = new MlpMulticlassTrainer.Options
    {
        Effort = Effort.Plain,
        FeatureColumnName = nameof(Digit.Pixels),
        HiddenLayers = [new(256) { Dropout = 0.3f }, new(256) { Dropout = 0.3f }],
        Optimizer = new AdamW(),
        LearningRate = Schedule.Cosine(from: 2e-3f),
        NumberOfEpochs = epochs,
        EarlyStopping = new() { Patience = 15 },
        Progress = progress,
    };

    return mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Digit.Number))
        .Append(mlContext.MulticlassClassification.Trainers.Mlp(options))
        .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(training);
});

MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Test accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}, on 1,797 digits by writers who are not in the training set."));

string file = Path.Combine(AppContext.BaseDirectory, "model.zip");
mlContext.Model.Save(model, training.Schema, file);
ITransformer loaded = mlContext.Model.Load(file, out _);
Console.WriteLine($"Saved and loaded {file} ({new FileInfo(file).Length / 1024} KB).");

PredictionEngine<Digit, Prediction> engine = mlContext.Model.CreatePredictionEngine<Digit, Prediction>(loaded);
foreach (Digit digit in mlContext.Data.CreateEnumerable<Digit>(test, reuseRowObject: false).Take(3))
{
    Prediction prediction = engine.Predict(digit);
    Console.WriteLine();
    Console.WriteLine(digit.Draw());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"This is a {prediction.PredictedLabel}, with probability {prediction.Score.Max():P1}; the writer meant a {digit.Number}."));
}
