using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using MlNetMlp.Networks;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>What a cluster costs: the same search on silo processes and on threads, and the same training on one silo process and on two, in turns.</summary>
internal static class ClusterOverhead
{
    private const int Trials = 60, Rows = 60_000, SearchEpochs = 60, EpochsOfWarming = 6, MostWarming = 15, Seed = 5;
    private const int Shards = 8;

    /// <param name="rounds">How often each side is measured.</param>
    /// <param name="only">The one number of silo processes to search on; null: 1, 2 and 4, and the training as well.</param>
    public static async Task<int> Run(int rounds, int? only)
    {
        bool isSame = await Search(rounds, only is { } one ? [one] : [1, 2, 4]);
        isSame &= only is not null || await Train(rounds);
        Console.WriteLine(isSame ? "\nThe same bits everywhere." : "\nNOT the same bits.");
        return isSame ? 0 : 1;
    }

    private static async Task<bool> Search(int rounds, IReadOnlyList<int> counts)
    {
        bool isSame = true;
        using (var logs = new TemporaryFolder())
        {
            Console.WriteLine(
                "| search of 60 trials | processors, s | of them the client, s | two threads, s | overhead | clock, s | two threads, s | to warm up, s |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (int count in counts)
            {
                using var silos = new SiloProcesses(logs.Path(""), trainingsAtOnce: 1);
                await silos.Start(count);
                using IHost host = await SiloProcesses.Connect(silos.Port);
                using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));

                double warming = WarmUp(silos, runner);
                var cluster = new List<Cost>();
                var threads = new List<Cost>();
                for (int round = 0; round < rounds; round++)
                {
                    cluster.Add(Measure(silos, () => ClusterWork.Search(runner, Trials, Rows, Seed, epochs: SearchEpochs)));
                    threads.Add(Measure(silos, () => ClusterWork.Search(null, Trials, Rows, Seed, epochs: SearchEpochs)));
                    isSame &= cluster[^1].Result == threads[^1].Result;
                }

                Cost here = threads.MinBy(cost => cost.Processors)!, there = cluster.MinBy(cost => cost.Processors)!;
                double overhead = 100 * (there.Processors / here.Processors - 1);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {count} silo processes | {there.Processors:F1} | {there.OfClient:F1} | {here.Processors:F1} | {overhead:F1} % | ") +
                    string.Create(CultureInfo.InvariantCulture, $"{there.Clock:F1} | {here.Clock:F1} | {warming:F1} |"));
            }
        }

        return isSame;
    }

    private static async Task<bool> Train(int rounds)
    {
        bool isSame = true;
        Console.WriteLine();
        Console.WriteLine("| training, 784-1024-1024-10, S = 8, mini-batches of 2,048 | processors of a step, ms | clock of a step, ms |");
        Console.WriteLine("| --- | ---: | ---: |");
        string? expected = null;
        var sides = new Dictionary<string, List<ClusterStep>>();
        using (var logs = new TemporaryFolder())
        {
            var clusters = new List<(string Name, SiloProcesses Silos, Func<MlpTrainingOptions, MlpTrainingOptions> Change)>();
            using var one = new SiloProcesses(logs.Path(""), trainingsAtOnce: 1);
            await one.Start(1);
            using var two = new SiloProcesses(Directory.CreateDirectory(logs.Path("two")).FullName, trainingsAtOnce: 1);
            await two.Start(2);
            clusters.Add(("1 silo process of 1 thread", one, options => options));
            clusters.Add(("2 silo processes of 1 thread", two, options => options));
            clusters.Add(("the same, 16-bit gradients", two, options => options with { GradientPrecision = GradientPrecision.BFloat16 }));
            clusters.Add(("the same, 4 local steps", two, options => options with { LocalSteps = 4 }));
            for (int round = 0; round < rounds; round++)
            {
                foreach ((string name, SiloProcesses silos, Func<MlpTrainingOptions, MlpTrainingOptions> change) in clusters)
                {
                    using IHost host = await SiloProcesses.Connect(silos.Port);
                    using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));
                    MlpTrainingOptions options = change(new MlpTrainingOptions { Shards = Shards });
                    ClusterStep cost = ClusterStep.Measure(silos, runner, options);
                    sides.TryAdd(name, []);
                    sides[name].Add(cost);
                    if (options is { LocalSteps: 1, GradientPrecision: GradientPrecision.Full })
                    {
                        expected ??= cost.Result;
                        isSame &= expected == cost.Result;
                    }
                }
            }
        }

        foreach ((string name, List<ClusterStep> costs) in sides)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {1e3 * costs.Min(cost => cost.Processors):F0} | {1e3 * costs.Min(cost => cost.Clock):F0} |"));
        }

        return isSame;
    }

    /// <summary>
    /// Searches until code is compiled as well as it is going to be, on either side: a new silo runs for minutes what it has compiled in haste. Returns what
    /// the silos' searches cost beyond as many of the last one.
    /// </summary>
    private static double WarmUp(SiloProcesses silos, OrleansRunner runner)
    {
        var costs = new List<double>();
        do
        {
            costs.Add(Measure(silos, () => ClusterWork.Search(runner, Trials, Rows, Seed, epochs: EpochsOfWarming)).Processors);
            ClusterWork.Search(null, Trials, Rows, Seed, epochs: EpochsOfWarming);
        }
        while (costs.Count < MostWarming && (costs.Count < 3 || costs[^1] < 0.95 * costs[^2] || costs[^2] < 0.95 * costs[^3]));

        return costs.Sum(cost => cost - costs[^1]);
    }

    private static Cost Measure(SiloProcesses silos, Func<string> work)
    {
        using var self = Process.GetCurrentProcess();
        TimeSpan client = self.TotalProcessorTime, before = silos.ProcessorTime;
        var clock = Stopwatch.StartNew();
        string result = work();
        double seconds = clock.Elapsed.TotalSeconds;
        self.Refresh();
        double own = (self.TotalProcessorTime - client).TotalSeconds;
        return new Cost(own + (silos.ProcessorTime - before).TotalSeconds, own, seconds, result);
    }

    /// <summary>What some work cost, in seconds, and what it came to.</summary>
    private sealed record Cost(double Processors, double OfClient, double Clock, string Result);
}
