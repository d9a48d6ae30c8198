using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>Silos, and clients, that are killed with SIGKILL at random moments of searches and trainings on three silo processes.</summary>
internal static class ClusterKills
{
    /// <summary>The trials of a search, and its rows.</summary>
    public const int Trials = 24, Rows = 1500;

    private const int Silos = 3, Epochs = 20;

    private static readonly List<string> _failures = [];

    /// <summary>Kills as many silos of searches, silos of trainings, clients of searches and clients of trainings, and prints what came of it.</summary>
    public static async Task<IReadOnlyList<string>> Run(string folder, int count, Random random)
    {
        string training = ClusterWork.Train(null);
        using var silos = new SiloProcesses(folder, trainingsAtOnce: 1);
        await silos.Start(Silos);
        using (IHost host = await SiloProcesses.Connect(silos.Port))
        {
            using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));
            await KillSilos("search", silos, count, random, Trials, SearchHere, (seed, ended) => ClusterWork.Search(runner, Trials, Rows, seed, ended));
            await KillSilos("training", silos, count, random, Epochs, _ => training, (_, ended) => ClusterWork.Train(runner, null, ended));
        }

        await KillClients("search", silos, count, random, Trials, SearchHere, folder);
        await KillClients("training", silos, count, random, Epochs, _ => training, folder);
        return _failures;
    }

    /// <summary>Kills as many silos of searches and silos of trainings, none of which is special, since they find each other in a Redis.</summary>
    public static async Task<IReadOnlyList<string>> RunWithRedis(string folder, int count, Random random)
    {
        string training = ClusterWork.Train(null);
        using RedisServer redis = await RedisServer.Start(folder, "127.0.0.1", RedisServer.Port);
        using var silos = new SiloProcesses(folder, trainingsAtOnce: 1, redis: redis.Connection);
        await silos.Start(Silos);
        using IHost host = await SiloProcesses.Connect(silos.Port, redis.Connection);
        using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));
        await KillSilos(
            "search", silos, count, random, Trials, SearchHere, (seed, ended) => ClusterWork.Search(runner, Trials, Rows, seed, ended), firstVictim: 0);
        await KillSilos("training", silos, count, random, Epochs, _ => training, (_, ended) => ClusterWork.Train(runner, null, ended), firstVictim: 0);
        return _failures;
    }

    private static async Task KillSilos(
        string what, SiloProcesses silos, int count, Random random, int parts, Func<int, string> expected, Func<int, Action<int>, string> run,
        int firstVictim = 1)
    {
        (int begun, int cutOff) before = silos.Trainings;
        int kills = 0, ofFirst = 0, runs = 0, same = 0;
        double longest = 0;
        for (; kills < count; runs++)
        {
            // While one of the first three quarters of the parts is under way.
            int moment = random.Next(parts * 3 / 4), delay = random.Next(200), victim = random.Next(firstVictim, Silos);
            Task<bool>? kill = null;
            bool isOver = false;
            var clock = Stopwatch.StartNew();
            try
            {
                string found = await Task.Run(() => run(runs, ended =>
                {
                    if (ended == moment + 1)
                    {
                        kill = Task.Run(async () =>
                        {
                            await Task.Delay(delay);
                            if (!Volatile.Read(ref isOver))
                            {
                                silos.Kill(victim);
                                return true;
                            }

                            return false;
                        });
                    }
                }));
                Volatile.Write(ref isOver, true);
                same += Check(found == expected(runs), $"{what} {runs}, silo {victim} killed after part {moment}: the result is another.") ? 1 : 0;
            }
            catch (Exception exception)
            {
                Check(false, $"{what} {runs}, silo {victim} killed after part {moment}: {exception.Message} {exception.InnerException?.Message}");
            }

            longest = Math.Max(longest, clock.Elapsed.TotalSeconds);
            if (kill is not null && await kill)
            {
                kills++;
                ofFirst += victim == 0 ? 1 : 0;
                await silos.Restart(victim);
            }
        }

        (int begun, int cutOff) = silos.Trainings;
        string reruns = what == "search" ? Reruns(begun - before.begun, runs * Trials, cutOff - before.cutOff) : "";
        Console.WriteLine(FormattableString.Invariant(
            $"{what}: {kills} silos killed, {ofFirst} times the first, {same} of {runs} results the same bits{reruns}; the longest took {longest:F1} s"));
    }

    private static async Task KillClients(string what, SiloProcesses silos, int count, Random random, int parts, Func<int, string> expectedOf, string folder)
    {
        (int begun, int cutOff) before = silos.Trainings;
        int kills = 0, whole = 0, same = 0;
        string checkpoint = Path.Combine(folder, "checkpoint");
        while (kills < count)
        {
            // Other searches than those before.
            int seed = 1000 + whole;
            string expected = expectedOf(seed);
            string? result = null;
            for (int most = random.Next(1, 4); most > 0 && kills < count && result is null; most--)
            {
                result = await Run(seed, killsAfter: random.Next(parts * 3 / 4));
                kills += result is null ? 1 : 0;
            }

            result ??= await Run(seed, killsAfter: null);
            whole++;
            same += Check(result == expected, $"{what}, client killed: {result}.") ? 1 : 0;
            File.Delete(checkpoint);
        }

        (int begun, _) = silos.Trainings;
        string reruns = what == "search" ? Reruns(begun - before.begun, whole * Trials, 0) : "";
        Console.WriteLine($"{what}: {kills} clients killed, {same} of {whole} results the same bits{reruns}");

        // The result; null: the client was killed before it had one.
        async Task<string?> Run(int seed, int? killsAfter)
        {
            using Process client = SiloProcesses.StartSelf("cluster-client", what, Text(silos.Port), Text(seed), checkpoint);
            if (killsAfter is { } left)
            {
                for (; left > 0 && await client.StandardOutput.ReadLineAsync() is not null; left--)
                {
                }

                await Task.Delay(random.Next(200));
                client.Kill();
            }

            string[] lines = (await client.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await client.WaitForExitAsync();
            return Array.Find(lines, line => line.StartsWith(ClusterWork.Result, StringComparison.Ordinal))
                ?? (killsAfter is null ? FormattableString.Invariant($"it ended with {client.ExitCode}") : null);
        }
    }

    /// <summary>What a search comes to on threads of this process.</summary>
    public static string SearchHere(int seed) => ClusterWork.Search(null, Trials, Rows, seed);

    private static string Reruns(int begun, int trials, int cutOff)
    {
        Check(begun >= trials, $"{begun} training runs were begun for {trials} trials.");
        return $"; {begun} training runs begun for {trials} trials: {begun - trials} more than once, {cutOff} cut off by the death of their silo";
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool Check(bool isAsPromised, string problem)
    {
        if (!isAsPromised)
        {
            Console.WriteLine(problem);
            _failures.Add(problem);
        }

        return isAsPromised;
    }
}
