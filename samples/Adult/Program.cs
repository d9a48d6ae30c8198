// Whether an income is over 50,000 dollars a year: two classes from numbers and texts, with all options chosen by the effort, and the same pipeline with
// LightGBM beside it.
//
//     dotnet run -c Release --project samples/Adult [-- --epochs 9]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

string data = Path.Combine(AppContext.BaseDirectory, "Data");
var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Person>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Person>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

// Texts become indicators; numbers stay as they are, for scaling is a part of the model.
string[] texts =
[
    nameof(Person.WorkClass), nameof(Person.Education), nameof(Person.MaritalStatus), nameof(Person.Occupation),
    nameof(Person.Relationship), nameof(Person.Race), nameof(Person.Sex), nameof(Person.Country),
];
string[] numbers = [nameof(Person.Age), nameof(Person.CapitalGain), nameof(Person.CapitalLoss), nameof(Person.HoursPerWeek)];
var features = mlContext.Transforms.Categorical.OneHotEncoding([.. texts.Select(name => new InputOutputColumnPair(name))])
    .Append(mlContext.Transforms.Concatenate("Features", [.. texts, .. numbers]));

var options = new MlpBinaryTrainer.Options { Progress = TrainingProgress.Console() };
if (args is ["--epochs", var epochs])
{
    options = options with { NumberOfEpochs = int.Parse(epochs, CultureInfo.InvariantCulture) };
}

Console.WriteLine("Training on 12,000 persons.");
Print("Test", features.Append(mlContext.BinaryClassification.Trainers.Mlp(options)).Fit(training));

// What the simplest answer reaches, and boosted trees on the same features.
bool[] truths = [.. test.GetColumn<bool>(nameof(Person.Label))];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Always below 50,000: accuracy {truths.Count(above => !above) / (double)truths.Length:F4}"));
if (LightGbm.IsSupported)
{
    Print("LightGBM", features.Append(mlContext.BinaryClassification.Trainers.LightGbm()).Fit(training));
}

void Print(string name, ITransformer model)
{
    CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(model.Transform(test));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name} accuracy {metrics.Accuracy:F4}, area under the ROC curve {metrics.AreaUnderRocCurve:F4}, log-loss {metrics.LogLoss:F4}"));
}

internal sealed class Person
{
    [LoadColumn(0)]
    public float Age { get; set; }

    [LoadColumn(1)]
    public string WorkClass { get; set; } = "";

    [LoadColumn(3)]
    public string Education { get; set; } = "";

    [LoadColumn(5)]
    public string MaritalStatus { get; set; } = "";

    [LoadColumn(6)]
    public string Occupation { get; set; } = "";

    [LoadColumn(7)]
    public string Relationship { get; set; } = "";

    [LoadColumn(8)]
    public string Race { get; set; } = "";

    [LoadColumn(9)]
    public string Sex { get; set; } = "";

    [LoadColumn(10)]
    public float CapitalGain { get; set; }

    [LoadColumn(11)]
    public float CapitalLoss { get; set; }

    [LoadColumn(12)]
    public float HoursPerWeek { get; set; }

    [LoadColumn(13)]
    public string Country { get; set; } = "";

    [LoadColumn(14)]
    public bool Label { get; set; }
}
