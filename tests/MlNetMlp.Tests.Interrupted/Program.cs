using System.Globalization;
using Interrupted;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

// Arguments: where to save the model; then either the seed, for a training in one go, or the file of the checkpoint, for one whose seed is drawn when
// it begins. Prints the number of every epoch as it is done and waits for a line, or the end, of its input; prints last the whole history, without
// the times.
// Or "save" or "save-once", a way to save and a file: see SaveForEver. Or "train", the name of a case, where to save the model and, if
// there is to be one, the file of
// the checkpoint: see TrainingCase; prints the same and waits for nobody.
switch (args)
{
    case ["save", var way, var target]:
        SaveForEver.Run(way, target);
        return;
    case ["save-once", var way, var target]:
        SaveForEver.Once(way, target);
        return;
    case ["train", var name, var path, .. var checkpoint] when checkpoint.Length <= 1:
        TrainingCase.Train(name, path, checkpoint.FirstOrDefault());
        return;
}

bool isWhole = int.TryParse(args[1], CultureInfo.InvariantCulture, out int seed);
var context = new MLContext();
Row[] rows = [.. Enumerable.Range(0, 60).Select(i => new Row
{
    Features = [.. Enumerable.Range(1, 10).Select(k => MathF.Sin(k * i))],
    Label = MathF.Cos(i) + i % 3,
})];

var trainer = context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
{
    Effort = Effort.Plain,
    // Many parameters and few rows: much of the time goes into writing the checkpoint, so that a kill often falls into it.
    HiddenLayers = [new(200) { Dropout = 0.2f, Normalization = Normalization.Batch }, new(200)],
    NumberOfEpochs = 80,
    BatchSize = 16,
    ValidationFraction = 0.2f,
    Seed = isWhole ? seed : null,
    NumberOfThreads = 1,
    Checkpoint = isWhole ? null : new TrainingCheckpoint(args[1]),
    Progress = new Told(),
});

MlpPredictionTransformer model = trainer.Fit(context.Data.LoadFromEnumerable(rows));
context.Model.Save(model, null, args[0]);
foreach (EpochReport report in model.Model.Training!.History)
{
    Console.WriteLine(report with { Elapsed = TimeSpan.Zero });
}

namespace Interrupted
{
    internal sealed class Row
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    internal sealed class Told : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            Console.WriteLine($"epoch {value.Epoch}");
            Console.Out.Flush();

            // Whoever wants to kill this program is not outrun: it goes on when told to, or at once if nobody will tell.
            _ = Console.In.ReadLine();
        }
    }
}
