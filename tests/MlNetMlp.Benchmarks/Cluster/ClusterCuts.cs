using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>
/// Networks that are cut at random moments of searches and trainings on three silo processes, each on a machine of its own, for longer than it takes the
/// silos to give each other up. The client and the Redis in which silos find each other are on a fourth.
/// </summary>
internal static class ClusterCuts
{
    private const int Silos = 3, Epochs = 20;

    private static readonly List<string> _failures = [];

    /// <summary>Cuts as often in searches and in trainings, and prints what came of it.</summary>
    public static async Task<IReadOnlyList<string>> Run(string folder, int count, Random random)
    {
        string training = ClusterWork.Train(null);
        using var network = new SiloNetwork(Silos);
        using RedisServer redis = await RedisServer.Start(folder, SiloNetwork.Here, RedisServer.Port);
        using var silos = new SiloProcesses(folder, trainingsAtOnce: 1, redis: redis.Connection, isOnNetwork: true);
        await silos.Start(Silos);
        using IHost host = await SiloProcesses.Connect(silos.Port, redis.Connection);
        using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));
        Action<bool> apart = network.CutApart;
        Action<bool> one = isCut => SiloNetwork.CutOff(Silos - 1, isCut);
        foreach ((string how, Action<bool> cut) in new[] { ("one silo cut off from all", one), ("silos cut off from each other", apart) })
        {
            await Cut($"search, {how}", cut, ClusterKills.Trials, ClusterKills.SearchHere,
                (seed, ended) => ClusterWork.Search(runner, ClusterKills.Trials, ClusterKills.Rows, seed, ended));
            await Cut($"training, {how}", cut, Epochs, _ => training, (_, ended) => ClusterWork.Train(runner, null, ended));
        }

        return _failures;

        async Task Cut(string what, Action<bool> cut, int parts, Func<int, string> expected, Func<int, Action<int>, string> run)
        {
            int cuts = 0, runs = 0, same = 0, refused = 0, givenUp = 0;
            double longest = 0;
            for (; cuts < count; runs++)
            {
                int moment = random.Next(parts / 2), length = random.Next(8, 20);
                Task? whileCut = null;
                var clock = Stopwatch.StartNew();
                try
                {
                    string found = await Task.Run(() => run(runs, ended =>
                    {
                        if (ended == moment + 1)
                        {
                            cut(true);
                            whileCut = Task.Delay(TimeSpan.FromSeconds(length)).ContinueWith(_ => cut(false), TaskScheduler.Default);
                        }
                    }));
                    bool isSame = found == expected(runs);
                    same += isSame ? 1 : 0;
                    if (!isSame)
                    {
                        _failures.Add($"{what}, {length} s after part {moment} of run {runs}: the result is another.");
                    }
                }
                catch (TrainingRunnerException exception)
                {
                    refused++;
                    Console.WriteLine($"{what}, {length} s after part {moment}: {exception.Message} {exception.InnerException?.Message}");
                }
                catch (Exception exception)
                {
                    _failures.Add($"{what}, {length} s after part {moment} of run {runs}: {exception}");
                }

                longest = Math.Max(longest, clock.Elapsed.TotalSeconds);
                if (whileCut is not null)
                {
                    cuts++;
                    await whileCut;
                    givenUp += await Repair();
                }
            }

            Console.WriteLine(FormattableString.Invariant(
                $"{what}: {cuts} cuts, after which {givenUp} silos were given up; {same} of {runs} results the same bits, {refused} errors; ") +
                FormattableString.Invariant($"the longest took {longest:F1} s"));
        }

        // Silos that the others have given up stop as soon as they hear of it. Returns how many.
        async Task<int> Repair()
        {
            await Task.Delay(TimeSpan.FromSeconds(5));
            int stopped = 0;
            for (int silo = 0; silo < Silos; silo++)
            {
                if (silos.All[silo].HasExited)
                {
                    stopped++;
                    await silos.Restart(silo);
                }
            }

            return stopped;
        }
    }
}
