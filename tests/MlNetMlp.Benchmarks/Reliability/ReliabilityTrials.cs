using System.Diagnostics;
using System.Globalization;
using MlNetMlp.Benchmarks.Cluster;

namespace MlNetMlp.Benchmarks.Reliability;

/// <summary>The tests of the suite that disturb the product at random moments, as often as it takes to rely on it.</summary>
internal static class ReliabilityTrials
{
    /// <summary>Returns 1 if anything was not as promised.</summary>
    /// <param name="what">The trial.</param>
    /// <param name="count">How often, or for <c>threads</c> how many seconds; null: the default.</param>
    /// <param name="seed">Seeds the random choices. The moments still differ from run to run, since processes are never equally fast.</param>
    public static async Task<int> Run(string what, int? count, int seed)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        var clock = Stopwatch.StartNew();
        try
        {
            IReadOnlyList<string> failures = what switch
            {
                "saves" => await Saves(folder.FullName, count ?? 500, new Random(seed)),
                "training" => await Training(folder.FullName, count ?? 100, new Random(seed)),
                "threads" => Threads(folder.FullName, TimeSpan.FromSeconds(count ?? 120)),
                "cancellation" => Cancellation(folder.FullName, count ?? 500, new Random(seed)),
                "cluster" => await ClusterKills.Run(folder.FullName, count ?? 30, new Random(seed)),
                "redis" => await ClusterKills.RunWithRedis(folder.FullName, count ?? 30, new Random(seed)),
                "cut" => await ClusterCuts.Run(folder.FullName, count ?? 10, new Random(seed)),
                _ => throw new ArgumentException($"There is no trial '{what}': saves, training, threads, cancellation, cluster, redis or cut."),
            };
            foreach (string failure in failures.Take(10))
            {
                Console.WriteLine("  " + failure);
            }

            Console.WriteLine(
                $"{what}, seed {seed}: {(failures.Count == 0 ? "all as promised" : $"{failures.Count} FAILURES")}, in {clock.Elapsed.TotalSeconds:F0} s");
            return failures.Count == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> Saves(string folder, int count, Random random)
    {
        var failures = new List<string>();
        foreach (string way in new[] { "mlp", "zip" })
        {
            var saves = new InterruptedSaves(way, Directory.CreateDirectory(Path.Combine(folder, way)).FullName, random);
            await saves.Run(count);
            saves.Finish();
            Console.WriteLine($"{way}: killed {saves.Kills} times, {saves.CutOff} times in the middle of a save; {saves.Failures.Count} failures");
            failures.AddRange(saves.Failures);
        }

        // For comparison, and to show that the trial finds what it looks for.
        var plain = new InterruptedSaves("plain", Directory.CreateDirectory(Path.Combine(folder, "plain")).FullName, random);
        await plain.Run(count / 10);
        Console.WriteLine($"for comparison, ML.NET's own Save: killed {plain.Kills} times, {plain.Failures.Count} files lost");

        if (OperatingSystem.IsWindows())
        {
            return failures;
        }

        failures.AddRange(await RefusedSaves.Run(Directory.CreateDirectory(Path.Combine(folder, "refused")).FullName, Console.WriteLine));
        return failures;
    }

    private static async Task<IReadOnlyList<string>> Training(string folder, int count, Random random)
    {
        var trainings = new InterruptedTrainings(folder, random);
        for (int i = 0; trainings.Kills < count; i++)
        {
            await trainings.Run(InterruptedTrainings.Cases[i % InterruptedTrainings.Cases.Count], Math.Min(random.Next(1, 5), count - trainings.Kills));
        }

        Console.WriteLine(
            $"killed {trainings.Kills} times, {trainings.CutOff} times while a checkpoint was written; continued {trainings.Continued} times; " +
            $"{trainings.Compared} trainings of {InterruptedTrainings.Cases.Count} kinds came to their end; {trainings.Failures.Count} failures");
        return trainings.Failures;
    }

    private static List<string> Threads(string folder, TimeSpan duration)
    {
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(40) { Normalization = Normalization.Layer }, new(30)] };
        MlpModel[] models = [.. Enumerable.Range(1, 4).Select(seed =>
            MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 60)) { Options = new() { NumberOfEpochs = 2, Seed = seed,
                NumberOfThreads = 1 } }).Model)];
        var core = new SwappedModels(Path.Combine(folder, "model.mlp"));
        core.Run(models, 64, duration / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"MlpModel: 64 threads, {core.Predictions:N0} predictions, {core.Swaps} swaps through a file; {core.Failures.Count} failures"));

        var transformer = new SwappedTransformers(Path.Combine(folder, "model.zip"));
        transformer.Run(64, duration / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"transformer: 64 threads, {transformer.Predictions:N0} predictions, {transformer.Swaps} swaps through a file; " +
            $"{transformer.Failures.Count} failures"));
        return [.. core.Failures, .. transformer.Failures];
    }

    private static List<string> Cancellation(string folder, int count, Random random)
    {
        var failures = new List<string>();
        foreach (CancellationCase @case in CancellationCase.All)
        {
            var trial = new Cancellations(@case);
            for (int request = 1; request <= trial.Requests; request++)
            {
                trial.At(request, throws: false, @case.HasCheckpoint ? Path.Combine(folder, "checkpoint") : null);
                trial.At(request, throws: true);
            }

            (int Thrown, int Cancelled, int Completed) atRequests = trial.Ends;
            double longest = Longest(trial);
            for (int i = 0; i < count; i++)
            {
                trial.After(TimeSpan.FromMicroseconds(random.NextDouble() * longest), throws: i % 4 == 0, threads: 1 + i % 2);
            }

            Console.WriteLine(
                $"{@case}: at each of {trial.Requests} requests {atRequests}, then {count} times from another thread " +
                $"{(trial.Ends.Thrown - atRequests.Thrown, trial.Ends.Cancelled - atRequests.Cancelled, trial.Ends.Completed - atRequests.Completed)} " +
                $"(thrown, best so far, completed before); {trial.Failures.Count} failures");
            failures.AddRange(trial.Failures);
        }

        return failures;
    }

    /// <summary>A little more than an uninterrupted training takes, in microseconds.</summary>
    private static double Longest(Cancellations trial)
    {
        var clock = Stopwatch.StartNew();
        trial.After(TimeSpan.FromMinutes(1), throws: false, threads: 1);
        return clock.Elapsed.TotalMicroseconds * 1.2;
    }
}
