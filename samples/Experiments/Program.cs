// What do depth, more rows, dropout and penalties bring? Three experiments on handwritten digits, each a search over a grid whose trials are evaluated on the
// test rows: to see how a network answers to an option, not to choose one.
//
//     dotnet run -c Release --project samples/Experiments [-- --epochs 30]

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Search;

const int FewRows = 300;

int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 30;
string data = Path.Combine(AppContext.BaseDirectory, "Data");

var mlContext = new MLContext(seed: 1);
IDataView training = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(data, "train.csv"), separatorChar: ',', hasHeader: true);
IDataView test = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(data, "test.csv"), separatorChar: ',', hasHeader: true);
var plain = new MlpMulticlassTrainer.Options
{
    Effort = Effort.Plain,
    FeatureColumnName = nameof(Digit.Pixels),
    HiddenLayers = [new(256), new(256)],
    NumberOfEpochs = epochs,
};

double best = 0;
var depth = new SearchSpace<MlpMulticlassTrainer.Options>(plain).Choice(
    "hidden layers", [0, 1, 2, 4, 8], (options, layers) => options with { HiddenLayers = [.. Enumerable.Repeat(new HiddenLayer(256), layers)] });
foreach (int rows in (int[])[FewRows, 1000, 3823])
{
    Run($"depth-{rows}", $"Depth, with {rows} digits to learn from", rows, depth);
}

Run("dropout", $"Dropout, with {FewRows} digits", FewRows, new SearchSpace<MlpMulticlassTrainer.Options>(plain).Number(
    "dropout", 0, 0.8f, SearchScale.Linear, (options, p) => options with { HiddenLayers = [new(256) { Dropout = p }, new(256) { Dropout = p }] }));

(string Name, MlpMulticlassTrainer.Options Options)[] remedies =
[
    ("none", plain),
    ("L1", plain with { L1Regularization = 1e-4f }),
    ("late L1", plain with { L1Regularization = Schedule.Stages(0, (epochs / 2, 1e-4f)) }),
    ("L2", plain with { L2Regularization = 1e-3f }),
    ("max-norm", plain with { Constraint = new MaxNorm(2) }),
    ("noise", plain with { InputNoise = 0.3f }),
    ("dropout", plain with { HiddenLayers = [new(256) { Dropout = 0.5f }, new(256) { Dropout = 0.5f }] }),
    ("smoothing", plain with { Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f } }),
];
var remedy = new SearchSpace<MlpMulticlassTrainer.Options>(plain).Choice(
    "remedy", [.. remedies.Select(one => one.Name)], (_, name) => remedies.Single(one => one.Name == name).Options);
Run("overfitting", $"Against overfitting, with {FewRows} digits", FewRows, remedy);

uint[] digits = [.. test.GetColumn<uint>(nameof(Digit.Number))];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Always the same digit: accuracy {digits.GroupBy(digit => digit).Max(group => group.Count()) / (double)digits.Length:F4} at most"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Test accuracy {best:F4} at best, which was chosen by looking at it"));

void Run(string file, string title, int rows, SearchSpace<MlpMulticlassTrainer.Options> space)
{
    SearchResult<MlpMulticlassTrainer.Options> result = mlContext.MulticlassClassification.SearchMlp(
        mlContext.Data.TakeRows(training, rows), space, new GridSearch(pointsPerDimension: 9), new ValidationSet(test), MulticlassMetric.MicroAccuracy,
        new SearchOptions { Seed = 1, Refit = false, Preprocessing = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Digit.Number)) });
    best = Math.Max(best, result.Best.Mean!.Value);
    string path = Path.Combine(AppContext.BaseDirectory, $"{file}.svg");
    result.SaveSvg(path);
    Console.WriteLine($"{title}: {path}");
    Console.WriteLine(result);
    Console.WriteLine();
}

internal sealed class Digit
{
    [LoadColumn(0, 63)]
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public uint Number { get; set; }
}
