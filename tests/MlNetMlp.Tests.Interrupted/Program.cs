using System.Globalization;
using Interrupted;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp;

// Arguments: where to save the model; then either the seed, for a training in one go, or the file of the checkpoint, for one whose seed is drawn when
// it begins. Prints the number of every epoch as it is done and waits for a line, or the end, of its input; prints last the whole history, without
// the times.
// With a single argument instead: trains two small networks, saves each to a file of its own, that argument and ".0" or ".1", and then for ever one after
// the other to the argument itself. Prints a line whenever a file has been saved.
if (args is [string target])
{
    SaveForEver.Run(target);
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

    internal static class SaveForEver
    {
        public static void Run(string target)
        {
            MlpModel[] models = [Train(1), Train(2)];
            models[0].Save($"{target}.0");
            models[1].Save($"{target}.1");
            for (int i = 0; ; i++)
            {
                models[i % 2].Save(target);
                Console.WriteLine("saved");
                Console.Out.Flush();
            }
        }

        private static MlpModel Train(int seed)
        {
            var context = new MLContext(seed);
            Row[] rows = [.. Enumerable.Range(0, 8).Select(i => new Row { Features = new float[10], Label = i })];
            var trainer = context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options { HiddenLayers = [new(400), new(400)], NumberOfEpochs = 1, NumberOfThreads = 1 });
            return trainer.Fit(context.Data.LoadFromEnumerable(rows)).Model.Model;
        }
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
