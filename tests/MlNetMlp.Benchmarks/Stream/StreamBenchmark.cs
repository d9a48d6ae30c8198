using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Stream;

/// <summary>Rows in memory against rows on disk: trainings in processes of their own, in turns, and a Markdown table of the medians.</summary>
internal static class StreamBenchmark
{
    public static int Run(long rows, int rounds)
    {
        var results = StreamTraining.Storages.Keys.ToDictionary(storage => storage, _ => new List<StreamResult>());
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string storage, List<StreamResult> list) in results)
            {
                list.Add(Train(storage, rows));
                Console.Error.WriteLine($"{storage}: {list[^1]}");
            }
        }

        Print($"{Machine.Description()}. {rows:N0} rows of {MadeUpRows.FeatureCount} features, 28-64-1, mini-batches of 64, medians of {rounds}.\n\n");
        Print($"| rows | rows/s of an epoch | of memory | best rows/s | of memory | peak of the process, MiB | file, MiB | ");
        Print($"seconds to read | training loss |\n");
        Print($"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        double memory = Median("memory", result => result.RowsPerSecond), bestOfMemory = Best("memory");
        foreach (string storage in results.Keys)
        {
            double speed = Median(storage, result => result.RowsPerSecond), best = Best(storage);
            Print($"| {storage} | {speed:N0} | {speed / memory:F2} | {best:N0} | {best / bestOfMemory:F2} | ");
            Print($"{results[storage].Max(result => result.PeakMebibytes):N0} | ");
            Print($"{results[storage][0].FileMebibytes:N0} | {Median(storage, result => result.ReadSeconds):F0} | {results[storage][0].Loss:F5} |\n");
        }

        return 0;

        // Where the machine has other work, that of the round that was disturbed least.
        double Best(string storage) => results[storage].Max(result => result.RowsPerSecond);

        double Median(string storage, Func<StreamResult, double> value) => Rounds.Median([.. results[storage].Select(value)]);
    }

    private static StreamResult Train(string storage, long rows)
    {
        string assembly = typeof(StreamBenchmark).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(assembly);
        }

        foreach (string argument in (string[])["stream-training", storage, rows.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonSerializer.Deserialize<StreamResult>(output) ?? throw new InvalidOperationException($"The training with {storage} said nothing.");
    }

    private static void Print(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));
}
