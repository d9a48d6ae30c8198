using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MlNetMlp.Benchmarks.Stream;

/// <summary>One training, in a process of its own: reads the rows, trains 28-64-1 for two epochs, and prints what that took as a line of JSON.</summary>
internal static partial class StreamTraining
{
    public static readonly IReadOnlyDictionary<string, RowStorage> Storages = new Dictionary<string, RowStorage>
    {
        ["memory"] = RowStorage.Memory,
        ["disk, float32"] = RowStorage.Disk(),
        ["disk, float16"] = RowStorage.Disk(precision: RowPrecision.Half),
    };

    public static int Run(string storage, long rows)
    {
        var reports = new List<EpochReport>();
        long fileMebibytes = 0;
        var context = new MLContext();
        context.Log += (_, line) =>
        {
            if (FileSize().Match(line.Message) is { Success: true } match)
            {
                fileMebibytes = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        };
        DateTime start = DateTime.UtcNow;
        DateTime? read = null;
        context.Log += (_, line) => read ??= line.Message.Contains("Training 28-64-1", StringComparison.Ordinal) ? DateTime.UtcNow : null;
        context.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new HiddenLayer(64)],
            NumberOfEpochs = 2,
            Seed = 1,
            RowStorage = Storages[storage],
            Progress = new Listener(reports),
        }).Fit(new MadeUpRows(rows));

        // The second epoch: the first one also pays for what a training makes once.
        double seconds = (reports[1].Elapsed - reports[0].Elapsed).TotalSeconds;
        Console.WriteLine(JsonSerializer.Serialize(
            new StreamResult(rows / seconds, (read! - start).Value.TotalSeconds, reports[1].TrainingLoss, PeakMebibytes(), fileMebibytes)));
        return 0;
    }

    /// <summary>The most physical memory that the process ever had.</summary>
    private static long PeakMebibytes()
    {
        const string Status = "/proc/self/status";
        return File.Exists(Status)
            ? long.Parse(File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..^2].Trim(),
                CultureInfo.InvariantCulture) >> 10
            : Environment.WorkingSet >> 20;
    }

    [GeneratedRegex(@"temporary file of (\d+) MiB")]
    private static partial Regex FileSize();

    private sealed class Listener(List<EpochReport> reports) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => reports.Add(value);
    }
}
