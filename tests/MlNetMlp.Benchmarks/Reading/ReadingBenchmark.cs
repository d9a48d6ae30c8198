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
    private const int Epochs = 5;

    /// <summary>As many as a trainer has by default.</summary>
    private static readonly int _usualEpochs = new MlpTrainingOptions().NumberOfEpochs;

    public static int Run(int rows, int rounds, string part)
    {
        string folder = Directory.CreateTempSubdirectory("mlnetmlp-reading-").FullName;
        try
        {
            var context = new MLContext(seed: 1);
            string file = Path.Combine(folder, "rows.csv");
            MadeUpRow[] inMemory = [.. Enumerable.Range(0, rows).Select(MadeUpRow.Create)];
            File.WriteAllLines(file, inMemory.Select(row => row.ToLine()));
            (string Name, Func<IDataView> Data)[] sources =
            [
                ("memory", () => context.Data.LoadFromEnumerable(inMemory)),
                ("text file", () => context.Data.LoadFromTextFile<MadeUpRow>(file, separatorChar: ',')),
                ("text file, 10 columns concatenated and normalized", () => Pipeline(context, file)),
            ];

            Print($"{Machine.Description()}. {rows:N0} rows of {Features} features; {Features}-128-64-1, {Epochs} epochs; ");
            Print($"seconds of processor time, medians of {rounds}.\n\n");
            Print($"| rows from | Fit | epochs | outside of them | share | share of {_usualEpochs} epochs | one cursor, nothing else |\n");
            Print($"| --- | --- | --- | --- | --- | --- | --- |\n");
            foreach ((string name, Func<IDataView> data) in sources.Where(source => source.Name.Contains(part, StringComparison.Ordinal)))
            {
                Report(name, data(), rounds);
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

    private static void Report(string source, IDataView data, int rounds)
    {
        List<double> fits = [], epochs = [], cursors = [];
        for (int round = 0; round < rounds; round++)
        {
            (double fit, double epoch) = Fit(data);
            fits.Add(fit);
            epochs.Add(epoch);
            cursors.Add(Read(data));
        }

        double all = Rounds.Median(fits), network = Epochs * Rounds.Median(epochs), outside = all - network;
        double usual = network * _usualEpochs / Epochs;
        Print($"| {source} | {all:F2} | {network:F2} | {outside:F2} | {100 * outside / all:F0} % | {100 * outside / (outside + usual):F0} % | ");
        Print($"{Rounds.Median(cursors):F2} |\n");
    }

    /// <summary>The time of all, and of an epoch: the second one and those behind it, for the first one also pays for what a training makes once.</summary>
    private static (double Fit, double Epoch) Fit(IDataView data)
    {
        var clock = new Clock();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        new MLContext(seed: 1).Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(128), new(64)],
            NumberOfEpochs = Epochs,
            Seed = 1,
            Progress = clock,
        }).Fit(data);
        return ((Environment.CpuUsage.TotalTime - start).TotalSeconds, (clock.Ends[^1] - clock.Ends[0]).TotalSeconds / (Epochs - 1));
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

    private sealed class Clock : IProgress<EpochReport>
    {
        public List<TimeSpan> Ends { get; } = [];

        public void Report(EpochReport value) => Ends.Add(Environment.CpuUsage.TotalTime);
    }
}
