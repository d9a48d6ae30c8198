// The fare of a taxi ride, in dollars: regression with one-hot columns.
//
//     dotnet run -c Release --project samples/TaxiFare [-- --epochs 8]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 8;
string data = Path.Combine(AppContext.BaseDirectory, "Data");

var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Ride>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Ride>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

var pipeline = mlContext.Transforms.Categorical.OneHotEncoding(
        [new InputOutputColumnPair(nameof(Ride.Vendor)), new InputOutputColumnPair(nameof(Ride.RateCode)), new InputOutputColumnPair(nameof(Ride.Payment))])
    .Append(mlContext.Transforms.Concatenate("Features",
        nameof(Ride.Vendor), nameof(Ride.RateCode), nameof(Ride.Payment), nameof(Ride.Passengers), nameof(Ride.Seconds), nameof(Ride.Miles)))
    .Append(mlContext.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
    {
        LabelColumnName = nameof(Ride.Fare),
        NumberOfEpochs = epochs,
    }));

ITransformer model = pipeline.Fit(training);
RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(test), labelColumnName: nameof(Ride.Fare));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Test R^2 {metrics.RSquared:F4}, mean absolute error {metrics.MeanAbsoluteError:F2} dollars"));

var engine = mlContext.Model.CreatePredictionEngine<Ride, Prediction>(model);
var ride = new Ride { Vendor = "CMT", RateCode = "1", Passengers = 1, Seconds = 1271, Miles = 3.8f, Payment = "CRD" };
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"3.8 miles in 21 minutes should cost {engine.Predict(ride).Score:F2} dollars; 17.50 were paid."));

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
