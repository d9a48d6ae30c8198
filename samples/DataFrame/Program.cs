// A DataFrame in and a DataFrame out: look at the rows, train on the frame as it is, and keep the predictions beside the rows.
//
//     dotnet run -c Release --project samples/DataFrame [-- --epochs 6]

using System.Globalization;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

string data = Path.Combine(AppContext.BaseDirectory, "Data");
DataFrame training = Load("train.csv"), test = Load("test.csv");
Console.WriteLine(training.Description());
Console.WriteLine(training.GroupBy("payment_type").Mean("Label"));

// A DataFrame is an IDataView: no class describes its columns.
var mlContext = new MLContext(seed: 1);
var features = mlContext.Transforms.Categorical.OneHotEncoding(
        [new InputOutputColumnPair("vendor_id"), new InputOutputColumnPair("rate_code"), new InputOutputColumnPair("payment_type")])
    .Append(mlContext.Transforms.Concatenate("Features",
        "vendor_id", "rate_code", "payment_type", "passenger_count", "trip_time_in_secs", "trip_distance"));

var options = new MlpRegressionTrainer.Options { Progress = TrainingProgress.Console() };
if (args is ["--epochs", var epochs])
{
    options = options with { NumberOfEpochs = int.Parse(epochs, CultureInfo.InvariantCulture) };
}

ITransformer model = features.Append(mlContext.Regression.Trainers.Mlp(options)).Fit(training);
Print("Test", model);

// What the simplest answer reaches, and boosted trees on the same features.
double mean = training["Label"].Mean();
double error = test["Label"].Cast<float>().Average(fare => Math.Abs(fare - mean));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Always the mean: mean absolute error {error:F3} dollars"));
if (LightGbm.IsSupported)
{
    Print("LightGBM", features.Append(mlContext.Regression.Trainers.LightGbm()).Fit(training));
}

DataFrame predictions = model.Transform(test).ToDataFrame(maxRows: test.Rows.Count, "trip_distance", "trip_time_in_secs", "Label", "Score");
predictions["error"] = (predictions["Score"] - predictions["Label"]).Abs();
Console.WriteLine("The five rides whose fare was furthest from the prediction:");
Console.WriteLine(predictions.OrderByDescending("error").Head(5));

DataFrame Load(string name) => DataFrame.LoadCsv(Path.Combine(data, name),
    dataTypes: [typeof(string), typeof(string), typeof(float), typeof(float), typeof(float), typeof(string), typeof(float)]);

void Print(string name, ITransformer fitted)
{
    RegressionMetrics metrics = mlContext.Regression.Evaluate(fitted.Transform(test));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name} R^2 {metrics.RSquared:F4}, mean absolute error {metrics.MeanAbsoluteError:F3} dollars"));
}
