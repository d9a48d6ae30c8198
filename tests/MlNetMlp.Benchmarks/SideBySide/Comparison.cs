using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Runs the contests and prints a Markdown table, with the machine and the versions above it.</summary>
internal static class Comparison
{
    /// <param name="what"><c>products</c>, <c>training</c>, <c>prediction</c>, or of our own: <c>scoring</c>, <c>scaling</c>, <c>allocation</c>.</param>
    /// <param name="rounds">How often each side does each piece of work.</param>
    /// <param name="python">The Python that has the peers.</param>
    /// <param name="onnxRuntimeFolder">A folder with <c>node_modules/onnxruntime-node</c>; null leaves ONNX Runtime out.</param>
    public static int Run(string what, int rounds, string python, string? onnxRuntimeFolder)
    {
        string peers = Path.Combine(AppContext.BaseDirectory, "Peers");
        string[] command = [python, Path.Combine(peers, "peer.py")];
        using Peer one = Peer.Start(1, command, InstructionSet.Active == KernelSet.Avx2 ? "Haswell" : null);
        using Peer? two = Environment.ProcessorCount > 1 ? Peer.Start(2, command) : null;
        using Peer? onnxRuntime = onnxRuntimeFolder is null
            ? null
            : Peer.Start(1, ["node", Path.Combine(peers, "onnx_runtime.mjs"), onnxRuntimeFolder]);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp-benchmarks-");
        try
        {
            Console.WriteLine(Machine(one, onnxRuntime));
            switch (what)
            {
                case "products":
                    Report(Products.All(one), rounds, FmaPeak.Measure());
                    return 0;
                case "training":
                    Report(Trainings.All(two is null ? [one] : [one, two]), rounds, null);
                    return 0;
                case "prediction":
                    Report(Predictions.All(one, onnxRuntime, folder.FullName), rounds, null);
                    return 0;
                case "scoring":
                    Report(Scorings.All(), rounds, null);
                    return 0;
                case "scaling":
                    Report(Scalings.All(), rounds, null);
                    return 0;
                case "allocation":
                    return Allocations.Report();
                default:
                    Console.Error.WriteLine($"'{what}' is none of products, training, prediction, scoring, scaling, allocation.");
                    return 2;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Report(IEnumerable<Contest> contests, int rounds, double? peak)
    {
        if (peak is not null)
        {
            Print($"Peak of one core, fused multiply-adds in registers: {peak:F0} GFLOP/s. Kernels: {InstructionSet.Active}.\n");
        }

        Console.WriteLine("| work | unit | MlNetMlp, units/s | peer | peer, units/s | ratio | goal | reached |" + (peak is null ? "" : " of peak |"));
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |" + (peak is null ? "" : " --- |"));
        var ratios = new List<double>();
        foreach (Contest contest in contests)
        {
            foreach (Outcome outcome in Rounds.Run(contest, rounds, Console.Error.WriteLine))
            {
                ratios.Add(outcome.Ratio);
                double ours = contest.Amount / outcome.OurSeconds;
                Print($"| {contest.Work} | {contest.Unit} | {ours:G4} | {outcome.Peer} | {contest.Amount / outcome.PeerSeconds:G4} | {outcome.Ratio:F2} | ");
                Print($"{outcome.Goal:F1} | {(outcome.Goal is { } goal ? outcome.Ratio >= goal ? "yes" : "no" : "")} |");
                Print(peak is null ? (FormattableString)$"\n" : $" {100 * ours / peak:F0} % |\n");
            }
        }

        Print($"\nGeometric mean of the ratios: {Math.Exp(ratios.Average(Math.Log)):F2}\n");
    }

    private static string Machine(Peer python, Peer? onnxRuntime)
    {
        var versions = python.Versions().Concat(onnxRuntime?.Versions() ?? new Dictionary<string, string>());
        return $"{SideBySide.Machine.Description()}; {string.Join(", ", versions.Select(v => $"{v.Key} {v.Value}"))}.\n";
    }

    private static void Print(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));
}
