// What is wrong with this network? A sound and a sick configuration for handwritten digits, examined before any long training.
//
//     dotnet run -c Release --project samples/Diagnose

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Diagnostics;
using Spectre.Console;

var mlContext = new MLContext(seed: 1);
IDataView digits = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(AppContext.BaseDirectory, "Data", "train.csv"), separatorChar: ',', hasHeader: true);
IDataView training = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(digits).Transform(digits);

var sound = new MlpMulticlassTrainer.Options { Effort = Effort.Plain, HiddenLayers = [new(64), new(64)] };
var sick = sound with
{
    HiddenLayers = [.. Enumerable.Repeat(new HiddenLayer(32) { Activation = Activation.Sigmoid }, 6)],
    FeatureScaling = FeatureScaling.None,
    LearningRate = 1e-7f,
};

foreach ((string name, MlpMulticlassTrainer.Options options) in new[] { ("sound", sound), ("sick", sick) })
{
    MlpMulticlassTrainer trainer = mlContext.MulticlassClassification.Trainers.Mlp(options);
    DiagnosisReport report = trainer.Diagnose(training);
    GradientCheckReport gradients = trainer.CheckGradients(training, new GradientCheckOptions { ElementsPerParameter = 10 });

    AnsiConsole.Write(new Rule($"The {name} configuration").LeftJustified());
    AnsiConsole.Write(FindingsOf(report));
    Console.WriteLine($"Warnings of the {name} configuration: {report.Findings.Count(finding => finding.Severity == DiagnosisSeverity.Warning)}");
    Console.WriteLine($"Gradient check of the {name} configuration: {gradients.Verdict}");
}

// The whole report is plain text too: Console.WriteLine(report).
static Table FindingsOf(DiagnosisReport report)
{
    Table table = new Table().Border(TableBorder.Rounded).AddColumns("", "check", "finding and advice");
    foreach (DiagnosisFinding finding in report.Findings.OrderByDescending(finding => finding.Severity))
    {
        string colour = finding.Severity switch
        {
            DiagnosisSeverity.Warning => "red",
            DiagnosisSeverity.Notice => "yellow",
            _ => "green",
        };
        string advice = finding.Advice is null ? "" : $"\n[bold]{Markup.Escape(finding.Advice)}[/]";
        table.AddRow($"[{colour}]{finding.Severity}[/]", finding.Check.ToString(), Markup.Escape($"{finding.Measured} {finding.Meaning}") + advice);
    }

    return table;
}

internal sealed class Digit
{
    [LoadColumn(0, 63)]
    [ColumnName("Features")]
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    [ColumnName("Label")]
    public uint Number { get; set; }
}
