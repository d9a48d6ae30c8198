// Whether an income is over 50,000 dollars a year: a binary task with numbers and texts.
//
//     dotnet run -c Release --project samples/Adult [-- --epochs 20]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 20;
string data = Path.Combine(AppContext.BaseDirectory, "Data");

var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Person>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Person>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);

string[] texts =
[
    nameof(Person.WorkClass), nameof(Person.Education), nameof(Person.MaritalStatus), nameof(Person.Occupation),
    nameof(Person.Relationship), nameof(Person.Race), nameof(Person.Sex), nameof(Person.Country),
];
string[] numbers = [nameof(Person.Age), nameof(Person.CapitalGain), nameof(Person.CapitalLoss), nameof(Person.HoursPerWeek)];

var pipeline = mlContext.Transforms.Categorical.OneHotEncoding([.. texts.Select(name => new InputOutputColumnPair(name))])
    .Append(mlContext.Transforms.Concatenate("Features", [.. texts, .. numbers]))
    .Append(mlContext.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
    {
        HiddenLayers = [new(64) { Dropout = 0.2f }, new(32) { Dropout = 0.2f }],
        NumberOfEpochs = epochs,
        EarlyStopping = new() { Patience = 5 },
    }));

ITransformer model = pipeline.Fit(training);
BinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(model.Transform(test));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Test accuracy {metrics.Accuracy:F4}, area under the ROC curve {metrics.AreaUnderRocCurve:F4}, F1 {metrics.F1Score:F4}"));

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
