using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Reading;

/// <summary>
/// How much of <c>Fit</c> on many rows is spent outside of the epochs: reading the rows, from memory and from a text file, and preparing them. Beside it, how
/// long somebody takes who reads the same columns with one cursor and does nothing else.
/// </summary>
internal static class ReadingBenchmark
{
    private const int Features = 30;

    private static readonly Measured _plain = new(
        $"{Features}-128-64-1",
        new() { Effort = Effort.Plain, HiddenLayers = [new(128), new(64)], NumberOfEpochs = 5 },
        new MlpTrainingOptions().NumberOfEpochs);

    /// <summary>Of many rows, the effort that is the default makes so many epochs.</summary>
    private static readonly Measured _default = new("`Mlp()`", new() { NumberOfEpochs = 2 }, UsualEpochs: 10);

    public static int Run(int rows, int rounds, string part)
    {
        string folder = Directory.CreateTempSubdirectory("mlnetmlp-reading-").FullName;
        try
        {
            var context = new MLContext(seed: 1);
            string file = Path.Combine(folder, "rows.csv");
            MadeUpRow[] inMemory = [.. Enumerable.Range(0, rows).Select(MadeUpRow.Create)];
            File.WriteAllLines(file, inMemory.Select(row => row.ToLine()));
            IDataView Text() => context.Data.LoadFromTextFile<MadeUpRow>(file, separatorChar: ',');
            (string Name, Func<IDataView> Data, Measured Training)[] sources =
            [
                ("memory", () => context.Data.LoadFromEnumerable(inMemory), _plain),
                ("text file", Text, _plain),
                ("text file, 10 columns concatenated and normalized", () => Pipeline(context, file), _plain),
                ("text file", Text, _default),
            ];

            Print($"{Machine.Description()}. {rows:N0} rows of {Features} features; seconds of processor time, medians of {rounds}.\n\n");
            Print($"| rows from | training | epochs | Fit | epochs, s | outside of them, s | share | share of the usual epochs ");
            Print($"| one cursor, nothing else, s |\n");
            Print($"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (var source in sources.Where(source => $"{source.Name}, {source.Training.Name}".Contains(part, StringComparison.Ordinal)))
            {
                Report(source.Name, source.Training, source.Data(), rounds);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IDataView Pipeline(MLContext context, string file)
    {
        IDataView tenColumns = context.Data.LoadFromTextFile(
            file,
            [
                new("Label", DataKind.Single, 0),
                .. Enumerable.Range(0, 10).Select(i => new TextLoader.Column($"C{i}", DataKind.Single, 3 * i + 1, 3 * i + 3)),
            ],
            separatorChar: ',');
        return context.Transforms.Concatenate("Features", [.. Enumerable.Range(0, 10).Select(i => $"C{i}")])
            .Append(context.Transforms.NormalizeMeanVariance("Features")).Fit(tenColumns).Transform(tenColumns);
    }

    private static void Report(string source, Measured training, IDataView data, int rounds)
    {
        List<double> fits = [], epochs = [], cursors = [];
        for (int round = 0; round < rounds; round++)
        {
            (double fit, double epoch) = Fit(data, training.Options);
            fits.Add(fit);
            epochs.Add(epoch);
            cursors.Add(Read(data));
        }

        int count = training.Options.NumberOfEpochs;
        double all = Rounds.Median(fits), network = count * Rounds.Median(epochs), outside = all - network;
        double usual = network * training.UsualEpochs / count;
        Print($"| {source} | {training.Name} | {count} | {all:F2} | {network:F2} | {outside:F2} | {100 * outside / all:F0} % | ");
        Print($"{100 * outside / (outside + usual):F0} % of {training.UsualEpochs} | {Rounds.Median(cursors):F2} |\n");
    }

    /// <summary>The time of all, and of an epoch: the second one and those behind it, for the first one also pays for what a training makes once.</summary>
    private static (double Fit, double Epoch) Fit(IDataView data, MlpRegressionTrainer.Options options)
    {
        var clock = new Clock();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        new MLContext(seed: 1).Regression.Trainers.Mlp(options with { Seed = 1, Progress = clock }).Fit(data);
        return ((Environment.CpuUsage.TotalTime - start).TotalSeconds, (clock.Ends[^1] - clock.Ends[0]).TotalSeconds / (clock.Ends.Count - 1));
    }

    private static double Read(IDataView data)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Label"], data.Schema["Features"]]);
        ValueGetter<float> label = cursor.GetGetter<float>(data.Schema["Label"]);
        ValueGetter<VBuffer<float>> features = cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]);
        float target = 0;
        VBuffer<float> vector = default;
        while (cursor.MoveNext())
        {
            label(ref target);
            features(ref vector);
        }

        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static void Print(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));

    /// <param name="Name">What the table calls it.</param>
    /// <param name="Options">The options, with the epochs that are measured.</param>
    /// <param name="UsualEpochs">As many as there are by default.</param>
    private sealed record Measured(string Name, MlpRegressionTrainer.Options Options, int UsualEpochs);

    private sealed class Clock : IProgress<EpochReport>
    {
        public List<TimeSpan> Ends { get; } = [];

        public void Report(EpochReport value) => Ends.Add(Environment.CpuUsage.TotalTime);
    }
}
