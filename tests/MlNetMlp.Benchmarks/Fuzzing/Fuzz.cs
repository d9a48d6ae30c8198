using System.Diagnostics;
using System.Globalization;
using MlNetMlp.Interop;

namespace MlNetMlp.Benchmarks.Fuzzing;

/// <summary>Reads many mutations of the files that the tests keep, and says what came of them.</summary>
internal static class Fuzz
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    /// <summary>Returns 1 if one of them ended in anything but a model or a clear refusal, took over a second, or too much memory.</summary>
    public static int Run(int count, int seed)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".mlp", StringComparison.Ordinal) || file.EndsWith(".zip", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        bool sound = true;
        var watch = Stopwatch.StartNew();
        int each = (count + files.Length - 1) / files.Length;
        foreach (string file in files)
        {
            byte[] original = File.ReadAllBytes(file);
            var run = new MutationRun();
            if (file.EndsWith(".zip", StringComparison.Ordinal))
            {
                run.Read(Path.GetFileName(file), number => Mutations.OfZip(original, seed, number),
                    stream => ModelZip.LoadAll(stream).Select(network => network.Model), 0, each);
            }
            else
            {
                run.Read(Path.GetFileName(file), number => Mutations.OfModel(original, seed, number), stream => [MlpModel.Load(stream)], 0, each);
            }

            sound &= run.Failures.Count == 0 && run.Slowest < _longest;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(file),-28} {original.Length,7} bytes: {each} mutations, {run.Refusals.Values.Sum()} refused, " +
                $"{run.Models} models, {run.Failures.Count} failures, slowest {run.Slowest.TotalMilliseconds:F0} ms of the processor, " +
                $"most memory {run.MostBytes / 1048576.0:F1} MiB"));
            foreach (string failure in run.Failures.Take(5))
            {
                Console.WriteLine("  " + failure);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{each * files.Length} mutations in {watch.Elapsed.TotalSeconds:F0} s: {(sound ? "all sound" : "FAILURES")}"));
        return sound ? 0 : 1;
    }
}
