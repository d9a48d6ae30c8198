using System.Diagnostics;
using System.Globalization;
using MlNetMlp.Interop;

namespace MlNetMlp.Benchmarks.Fuzzing;

/// <summary>Reads many mutations of the files that the tests keep, and of ONNX files made of their models, and says what came of them.</summary>
internal static class Fuzz
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    /// <summary>Returns 1 if one of them ended in anything but a model or a clear refusal, took over a second, or too much memory.</summary>
    public static int Run(int count, int seed)
    {
        (string Name, byte[] Bytes)[] files = [.. Files()];
        bool sound = true;
        var watch = Stopwatch.StartNew();
        int each = (count + files.Length - 1) / files.Length;
        foreach ((string name, byte[] original) in files)
        {
            var run = new MutationRun();
            switch (Path.GetExtension(name))
            {
                case ".zip":
                    run.Read(name, number => Mutations.OfZip(original, seed, number),
                        stream => ModelZip.LoadAll(stream).Select(network => network.Model), 0, each);
                    break;
                case ".onnx":
                    run.Read(name, number => Mutations.OfBytes(original, seed, number), stream => [OnnxModel.Load(stream)], 0, each);
                    break;
                default:
                    run.Read(name, number => Mutations.OfModel(original, seed, number), stream => [MlpModel.Load(stream)], 0, each);
                    break;
            }

            sound &= run.Failures.Count == 0 && run.Slowest < _longest;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-28} {original.Length,7} bytes: {each} mutations, {run.Refusals.Values.Sum()} refused, " +
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

    private static IEnumerable<(string Name, byte[] Bytes)> Files()
    {
        string[] paths = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*", SearchOption.AllDirectories);
        foreach (string path in paths.Where(path => Path.GetExtension(path) is ".mlp" or ".zip" or ".onnx").Order(StringComparer.Ordinal))
        {
            yield return (Path.GetFileName(path), File.ReadAllBytes(path));

            // What an ONNX file has of a model is the same in all versions of our own format.
            if (Path.GetFileName(path).StartsWith("v4-", StringComparison.Ordinal))
            {
                using var exported = new MemoryStream();
                MlpModel.Load(path).SaveAsOnnx(exported);
                yield return (Path.ChangeExtension(Path.GetFileName(path), ".onnx"), exported.ToArray());
            }
        }
    }
}
