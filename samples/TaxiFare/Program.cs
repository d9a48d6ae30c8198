// The fare of a taxi ride, in dollars: a regression with numbers and codes, beside the mean and LightGBM.
//
//     dotnet run -c Release --project samples/TaxiFare [-- --epochs 6]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

string data = Path.Combine(AppContext.BaseDirectory, "Data");
var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Ride>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Ride>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

var features = mlContext.Transforms.Categorical.OneHotEncoding(
        [new InputOutputColumnPair(nameof(Ride.Vendor)), new InputOutputColumnPair(nameof(Ride.RateCode)), new InputOutputColumnPair(nameof(Ride.Payment))])
    .Append(mlContext.Transforms.Concatenate("Features",
        nameof(Ride.Vendor), nameof(Ride.RateCode), nameof(Ride.Payment), nameof(Ride.Passengers), nameof(Ride.Seconds), nameof(Ride.Miles)));

// All rows are for training. A tenth set aside to choose the epoch would have a few extreme fares or none, and the choice would follow them.
var options = new MlpRegressionTrainer.Options { LabelColumnName = nameof(Ride.Fare), Progress = TrainingProgress.Console() };
if (args is ["--epochs", var epochs])
{
    options = options with { NumberOfEpochs = int.Parse(epochs, CultureInfo.InvariantCulture) };
}

Console.WriteLine("Training on 20,000 rides.");
ITransformer model = features.Append(mlContext.Regression.Trainers.Mlp(options)).Fit(training);
Print("Test", model);

// What the simplest answer reaches, and boosted trees on the same features.
float mean = training.GetColumn<float>(nameof(Ride.Fare)).Average();
double error = test.GetColumn<float>(nameof(Ride.Fare)).Average(fare => Math.Abs(fare - mean));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Always the mean: mean absolute error {error:F3} dollars"));
if (LightGbm.IsSupported)
{
    Print("LightGBM", features.Append(mlContext.Regression.Trainers.LightGbm(nameof(Ride.Fare))).Fit(training));
}

var engine = mlContext.Model.CreatePredictionEngine<Ride, Prediction>(model);
var ride = new Ride { Vendor = "CMT", RateCode = "1", Passengers = 1, Seconds = 1271, Miles = 3.8f, Payment = "CRD" };
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"3.8 miles in 21 minutes should cost {engine.Predict(ride).Score:F2} dollars; 17.50 were paid."));

void Print(string name, ITransformer fitted)
{
    RegressionMetrics metrics = mlContext.Regression.Evaluate(fitted.Transform(test), labelColumnName: nameof(Ride.Fare));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name} R^2 {metrics.RSquared:F4}, mean absolute error {metrics.MeanAbsoluteError:F3} dollars"));
}

internal sealed class Ride
{
    [LoadColumn(0)]
    public string Vendor { get; set; } = "";

    [LoadColumn(1)]
    public string RateCode { get; set; } = "";

    [LoadColumn(2)]
    public float Passengers { get; set; }

    [LoadColumn(3)]
    public float Seconds { get; set; }

    [LoadColumn(4)]
    public float Miles { get; set; }

    [LoadColumn(5)]
    public string Payment { get; set; } = "";

    [LoadColumn(6)]
    public float Fare { get; set; }
}

internal sealed class Prediction
{
    public float Score { get; set; }
}
