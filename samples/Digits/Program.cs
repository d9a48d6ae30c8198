// Handwritten digits, end to end: load, train and watch, evaluate, compare, save model.zip, load it again, predict.
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

Console.WriteLine("Reading 3,823 digits of 8 x 8 pixels.");
var label = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Digit.Number));
var options = new MlpMulticlassTrainer.Options
{
    Effort = Effort.Plain,
    FeatureColumnName = nameof(Digit.Pixels),
    HiddenLayers = [new(256) { Dropout = 0.3f }, new(256) { Dropout = 0.3f }],
    LearningRate = Schedule.Cosine(from: 2e-3f),
    NumberOfEpochs = epochs,
    EarlyStopping = new() { Patience = 15 },
    Progress = TrainingProgress.Console(),
};

Console.WriteLine($"Training for at most {epochs} epochs.");
ITransformer model = label.Append(mlContext.MulticlassClassification.Trainers.Mlp(options))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(training);

Console.WriteLine("On 1,797 digits by writers who are not in the training set:");
Print("Test", model);

// What the simplest answer reaches, and boosted trees on the same pixels.
uint[] digits = [.. test.GetColumn<uint>(nameof(Digit.Number))];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Always the same digit: accuracy {digits.GroupBy(digit => digit).Max(group => group.Count()) / (double)digits.Length:F4} at most"));
if (LightGbm.IsSupported)
{
    Console.WriteLine("Training LightGBM.");
    Print("LightGBM", label.Append(mlContext.MulticlassClassification.Trainers.LightGbm(featureColumnName: nameof(Digit.Pixels))).Fit(training));
}

string file = Path.Combine(AppContext.BaseDirectory, "model.zip");
mlContext.Model.Save(model, training.Schema, file);
ITransformer loaded = mlContext.Model.Load(file, out _);
Console.WriteLine($"Saved and loaded {file} ({new FileInfo(file).Length / 1024} KB).");

// Rows for samples/Scorer, which reads the network out of model.zip and scores without ML.NET.
string rows = Path.Combine(AppContext.BaseDirectory, "rows.csv");
File.WriteAllLines(rows, mlContext.Data.CreateEnumerable<Digit>(test, reuseRowObject: false).Take(10).Select(digit => string.Join(',', digit.Pixels)));
Console.WriteLine($"Wrote ten rows to {rows}; now try: dotnet run -c Release --project samples/Scorer");

PredictionEngine<Digit, Prediction> engine = mlContext.Model.CreatePredictionEngine<Digit, Prediction>(loaded);
foreach (Digit digit in mlContext.Data.CreateEnumerable<Digit>(test, reuseRowObject: false).Take(3))
{
    Prediction prediction = engine.Predict(digit);
    Console.WriteLine();
    Console.WriteLine(digit.Draw());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"This is a {prediction.PredictedLabel}, with probability {prediction.Score.Max():P1}; the writer meant a {digit.Number}."));
}

void Print(string name, ITransformer fitted)
{
    MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(fitted.Transform(test));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}"));
}
