// Which library of .NET does a sentence of its documentation belong to? Texts become tens of thousands of features, nearly all of them zero, which the trainer
// neither stores nor multiplies. The sentences are those that every SDK of .NET brings along.
//
//     dotnet run -c Release --project samples/Text [-- --epochs 16]
//     dotnet run -c Release --project samples/Text -- --trees      also LightGBM, which takes minutes for so many features

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;
using MlNetMlp;
using Text;

Sentence[] sentences = [.. SdkDocumentation.Read()];
if (sentences.Length == 0)
{
    Console.Error.WriteLine("This needs the SDK of .NET, whose reference assemblies come with their documentation.");
    return 1;
}

var mlContext = new MLContext(seed: 1);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(sentences), testFraction: 0.2);

// Words, and pairs of words; pieces of words would only add what the words say already.
var features = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sentence.Library))
    .Append(mlContext.Transforms.Text.FeaturizeText("Features", new TextFeaturizingEstimator.Options
    {
        WordFeatureExtractor = new WordBagEstimator.Options { NgramLength = 2 },
        CharFeatureExtractor = null,
    }, nameof(Sentence.Words)))
    .AppendCacheCheckpoint(mlContext);

var options = new MlpMulticlassTrainer.Options { Progress = TrainingProgress.Console() };
if (args is ["--epochs", var epochs])
{
    options = options with { NumberOfEpochs = int.Parse(epochs, CultureInfo.InvariantCulture) };
}

Console.WriteLine($"Training on four fifths of {sentences.Length} sentences.");
ITransformer model = features.Append(mlContext.MulticlassClassification.Trainers.Mlp(options))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(split.TrainSet);
Print("Test", model);

// What the simplest answer reaches, and the linear model that is usual for texts.
string[] libraries = [.. split.TestSet.GetColumn<string>(nameof(Sentence.Library))];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"Always the same library: accuracy {libraries.GroupBy(name => name).Max(group => group.Count()) / (double)libraries.Length:F4}"));
Print("SdcaMaximumEntropy", features.Append(mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()).Fit(split.TrainSet));
if (args is ["--trees"] && LightGbm.IsSupported)
{
    Print("LightGBM", features.Append(mlContext.MulticlassClassification.Trainers.LightGbm()).Fit(split.TrainSet));
}

var engine = mlContext.Model.CreatePredictionEngine<Sentence, Prediction>(model);
const string Question = "Reads the next element of the document and moves to its attributes.";
Console.WriteLine($"\"{Question}\" is from {engine.Predict(new Sentence { Words = Question }).PredictedLabel}.");
return 0;

void Print(string name, ITransformer fitted)
{
    MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(fitted.Transform(split.TestSet));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}"));
}

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
}
