using System.Diagnostics;
using System.Globalization;

namespace MlNetMlp.Benchmarks.Sparse;

/// <summary>A training on sparse rows of many features, made up on the way: what it costs in time and memory.</summary>
/// <remarks>
/// Every row is of one class. Of its features, a few are frequent ones, a few are those of its class, and the others any: as the words of a text
/// are, and as easy to learn.
/// </remarks>
internal static class SparseBenchmark
{
    private const int Classes = 10;
    private const int ClassWords = 200;
    private const double Power = 2;

    public static int Run(int rows, int features, int nonZeros, int epochs, int batchSize)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        Stopwatch clock = Stopwatch.StartNew();
        SparseRows training = Make(rows, features, nonZeros, seed: 1), test = Make(rows / 10, features, nonZeros, seed: 2);
        Console.WriteLine(string.Create(culture,
            $"{rows} x {features}, {training.NonZeroCount / (double)rows:F1} non-zeros a row, made in {clock.Elapsed.TotalSeconds:F1} " +
            $"s; dense they would be {rows * 4.0 * features / (1 << 30):F1} GiB."));
        double before = Gibibytes(Environment.WorkingSet);
        Console.WriteLine("| epoch | seconds | processor seconds | rows/s | training loss | test loss | test accuracy |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        MlpArchitecture architecture = new(features, Classes) { HiddenLayers = [new(64)] };
        MlpTrainingOptions options = new() { NumberOfEpochs = epochs, BatchSize = batchSize, LearningRate = 0.002f };
        using Process process = Process.GetCurrentProcess();
        double last = 0, lastWork = process.TotalProcessorTime.TotalSeconds;
        clock.Restart();
        MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy(), training)
        {
            Validation = test,
            Options = options,
            Progress = new EpochLine(report =>
            {
                double seconds = report.Elapsed.TotalSeconds - last;
                last = report.Elapsed.TotalSeconds;
                process.Refresh();
                double work = process.TotalProcessorTime.TotalSeconds - lastWork;
                lastWork += work;
                Console.WriteLine(string.Create(culture,
                    $"| {report.Epoch} | {seconds:F2} | {work:F2} | {rows / seconds:F0} | {report.TrainingLoss:F4} | " +
                    $"{report.ValidationLoss:F4} | {report.ValidationMetric:F4} |"));
            }),
        });
        process.Refresh();
        Console.WriteLine(string.Create(culture,
            $"Whole training {clock.Elapsed.TotalSeconds:F1} s (the first epoch's time holds the first pass over the rows); " +
            $"resident before {before:F2} GiB, at most {Gibibytes(process.PeakWorkingSet64):F2} GiB."));
        return 0;
    }

    private static double Gibibytes(long bytes) => bytes / (double)(1 << 30);

    private static SparseRows Make(int rows, int features, int nonZeros, int seed)
    {
        var made = new SparseRows(features, 1);
        var random = new Random(seed);
        var chosen = new SortedSet<int>();
        for (int i = 0; i < rows; i++)
        {
            int own = random.Next(Classes);
            chosen.Clear();
            while (chosen.Count < nonZeros)
            {
                // Frequencies fall as those of words do; the words of a class are spread over all of them.
                int any = (int)(features * Math.Pow(random.NextDouble(), Power));
                int word = (int)((own * ClassWords + random.Next(ClassWords)) * 7919L % features);
                chosen.Add(random.Next(8) == 0 ? word : any);
            }

            made.Add([.. chosen], [.. chosen.Select(_ => 0.5f + random.NextSingle())], [own]);
        }

        return made;
    }

    private sealed class EpochLine(Action<EpochReport> write) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => write(value);
    }
}
