using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using MlNetMlp.Networks;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>The memory that a client needs whose rows are in files of the silos.</summary>
internal static class ClusterMemory
{
    private const int FeatureCount = 30, Silos = 2, Files = 4;

    /// <summary>Writes files of made-up rows, trains on them for an epoch, and prints the most memory that each process had.</summary>
    /// <param name="folder">Where the files are; those that are there already are taken.</param>
    /// <param name="rows">The number of rows.</param>
    public static async Task<int> Run(string folder, long rows)
    {
        Directory.CreateDirectory(folder);
        for (int file = 0; file < Files; file++)
        {
            string path = Path.Combine(folder, NameOf(file, rows));
            if (!File.Exists(path))
            {
                Write(path, file, rows / Files);
            }
        }

        using var logs = new TemporaryFolder();
        using var silos = new SiloProcesses(logs.Path(""), trainingsAtOnce: 1, folder);
        await silos.Start(Silos);
        using Process client = SiloProcesses.StartSelf(
            "cluster-memory-client", silos.Port.ToString(CultureInfo.InvariantCulture), rows.ToString(CultureInfo.InvariantCulture));
        string output = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        Console.WriteLine(output);
        foreach (Process silo in silos.All)
        {
            silo.Refresh();
            Console.WriteLine(FormattableString.Invariant($"a silo: {PeakOf(silo.Id) >> 20} MiB, {silo.TotalProcessorTime.TotalSeconds:F0} s of processors"));
        }

        return client.ExitCode;
    }

    /// <summary>The client, which prints the most memory that it had.</summary>
    public static async Task<int> RunClient(int port, long rows)
    {
        using IHost host = await SiloProcesses.Connect(port);
        using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));
        var clock = Stopwatch.StartNew();
        ClusterRows files = runner.OpenFiles(
            Enumerable.Range(0, Files).Select(file => NameOf(file, rows)), new RowFileFormat(Enumerable.Range(1, FeatureCount), targetColumns: 0));
        Console.WriteLine($"{files}: counted after {clock.Elapsed.TotalSeconds:F0} s");
        MlpTrainingResult result = MlpTrainer.Train(new TrainingTask(
            new MlpArchitecture(FeatureCount, 1) { HiddenLayers = [new(32)] }, new SquaredError(), files)
        {
            Options = new MlpTrainingOptions { Shards = Silos, NumberOfEpochs = 1, BatchSize = 16_384, NumberOfThreads = 1 },
            Cluster = runner,
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"loss {result.History[^1].TrainingLoss:F4} after {clock.Elapsed.TotalSeconds:F0} s; the client: {PeakOf(Environment.ProcessId) >> 20} MiB, ") +
            FormattableString.Invariant($"{Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:F0} s of processors"));
        return 0;
    }

    private static string NameOf(int file, long rows) => FormattableString.Invariant($"rows-{rows}-{file}.csv");

    /// <summary>VmHWM: the most memory that a process had at any time.</summary>
    private static long PeakOf(int process)
    {
        string line = File.ReadLines(FormattableString.Invariant($"/proc/{process}/status")).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([':', 'k', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Features of three digits, and a sum of some of them.</summary>
    private static void Write(string path, int seed, long count)
    {
        var random = new Random(seed);
        using var file = new FileStream(path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        file.Write("target"u8);
        for (int i = 0; i < FeatureCount; i++)
        {
            file.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($",x{i}")));
        }

        byte[] digits = new byte[FeatureCount], line = new byte[16 + 4 * FeatureCount];
        for (long row = 0; row < count; row++)
        {
            random.NextBytes(digits);
            line[0] = (byte)'\n';
            ((digits[0] + digits[1] - digits[2]) / 100).TryFormat(line.AsSpan(1), out int written, provider: CultureInfo.InvariantCulture);
            int length = 1 + written;
            foreach (byte digit in digits)
            {
                line[length++] = (byte)',';
                digit.TryFormat(line.AsSpan(length), out written, provider: CultureInfo.InvariantCulture);
                length += written;
            }

            file.Write(line, 0, length);
        }

        file.Dispose();
        File.Move(path + ".part", path);
    }
}
