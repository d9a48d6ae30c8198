using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Runs the contests and prints a Markdown table, with the machine and the versions above it.</summary>
internal static class Comparison
{
    /// <param name="what">
    /// <c>products</c>, <c>training</c>, <c>prediction</c>,
    /// or of our own: <c>scoring</c>, <c>parts</c>, <c>shared</c>, <c>encoded</c>, <c>scaling</c>, <c>allocation</c>.
    /// </param>
    /// <param name="options">How.</param>
    public static int Run(string what, ComparisonOptions options)
    {
        if (options.Kernel is not null)
        {
            // Asked for when something is first multiplied, by whatever thread.
            Environment.SetEnvironmentVariable(InstructionSet.Variable, options.Kernel);
        }

        string peers = Path.Combine(AppContext.BaseDirectory, "Peers");
        string[] command = [options.Python, Path.Combine(peers, "peer.py")];
        string? coreType = InstructionSet.Active == KernelSet.Avx2 && InstructionSet.IsSupported(KernelSet.Avx512) ? "Haswell" : null;
        using Peer one = Peer.Start(1, command, coreType);
        using Peer? two = Environment.ProcessorCount > 1 ? Peer.Start(2, command, coreType) : null;
        using Peer? onnxRuntime = options.OnnxRuntimeFolder is null
            ? null
            : Peer.Start(1, ["node", Path.Combine(peers, "onnx_runtime.mjs"), options.OnnxRuntimeFolder]);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp-benchmarks-");
        try
        {
            Console.WriteLine(Machine(one, onnxRuntime));
            switch (what)
            {
                case "products":
                    return Report(Products.All(one), options, FmaPeak.Measure());
                case "training":
                    return Report(Trainings.All(two is null ? [one] : [one, two]), options, null);
                case "prediction":
                    return Report(Predictions.All(one, onnxRuntime, folder.FullName), options, null);
                case "scoring":
                    return Report(Scorings.All(), options, null);
                case "parts":
                    return Report(Parts.All(), options, null);
                case "shared":
                    return Report(SharedMembers.All(), options, null);
                case "encoded":
                    return Report(EncodedScorings.All(), options, null);
                case "scaling":
                    return Report(Scalings.All(), options, null);
                case "allocation":
                    return Allocations.Report();
                default:
                    Console.Error.WriteLine($"'{what}' is none of products, training, prediction, scoring, parts, shared, encoded, scaling, allocation.");
                    return 2;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>The exit code: 0 if something was compared.</returns>
    private static int Report(IEnumerable<Contest> contests, ComparisonOptions options, double? peak)
    {
        if (peak is not null)
        {
            Print($"Peak of one core, fused multiply-adds in registers: {peak:F0} GFLOP/s. Kernels: {InstructionSet.Active}.\n\n");
        }

        Console.WriteLine("| work | unit | MlNetMlp, units/s | peer | peer, units/s | ratio | goal | reached |" + (peak is null ? "" : " of peak |"));
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |" + (peak is null ? "" : " --- |"));
        var outcomes = new List<Outcome>();
        foreach (Contest contest in contests.Where(options.Includes))
        {
            foreach (Outcome outcome in Rounds.Run(contest, options.Rounds, Console.Error.WriteLine))
            {
                outcomes.Add(outcome);
                double ours = contest.Amount / outcome.OurSeconds;
                Print($"| {contest.Work} | {contest.Unit} | {ours:G4} | {outcome.Peer} | {contest.Amount / outcome.PeerSeconds:G4} | {outcome.Ratio:F2} | ");
                Print($"{outcome.Goal:0.##} | {(outcome.Goal is { } goal ? outcome.Ratio >= goal ? "yes" : "no" : "")} |");
                Print(peak is null ? (FormattableString)$"\n" : $" {100 * ours / peak:F0} % |\n");
            }
        }

        if (outcomes.Count == 0)
        {
            Console.Error.WriteLine("Nothing was compared: the peers are missing, or no work is named so.");
            return 2;
        }

        Print($"\nGeometric mean of the ratios: {Math.Exp(outcomes.Average(outcome => Math.Log(outcome.Ratio))):F2}\n");
        Outcome[] below = [.. outcomes.Where(outcome => outcome.Ratio < outcome.Goal).OrderBy(outcome => outcome.Ratio)];
        Print($"Below the goal: {(below.Length == 0 ? "none" : string.Join(", ", below.Select(Named)))}\n");
        return 0;

        static string Named(Outcome outcome) => string.Create(CultureInfo.InvariantCulture, $"{outcome.Contest.Work} with {outcome.Peer} ({outcome.Ratio:F2})");
    }

    private static string Machine(Peer python, Peer? onnxRuntime)
    {
        var versions = python.Versions().Concat(onnxRuntime?.Versions() ?? new Dictionary<string, string>());
        return string.Join("; ", [SideBySide.Machine.Description(), .. versions.Select(v => $"{v.Key} {v.Value}")]) + ".\n";
    }

    private static void Print(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));
}
