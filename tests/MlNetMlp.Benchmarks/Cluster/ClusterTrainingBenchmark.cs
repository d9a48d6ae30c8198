using System.Globalization;
using System.Text;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>What a step costs on one silo and on two, and what that means for many machines.</summary>
internal static class ClusterTrainingBenchmark
{
    private const string Measured = "measured.csv", Notes = "## Notes";

    /// <summary>The network of the table and the picture.</summary>
    private const int Units = 1024;

    private static readonly (int Units, int Rows, int Shards, int Silos)[] _works =
    [
        (256, 1024, 2, 1), (256, 1024, 8, 1), (256, 1024, 8, 2), (256, 512, 8, 2), (512, 1024, 2, 1), (512, 1024, 8, 1), (512, 1024, 8, 2), (512, 256, 8, 1),
        (512, 256, 8, 2), (1024, 512, 2, 1), (1024, 512, 2, 2), (1024, 512, 8, 1), (1024, 512, 8, 2), (1024, 1024, 8, 1), (1024, 1024, 8, 2),
    ];

    private static readonly int[] _machines = [1, 2, 8, 64, 512];

    public static int Run(string folder, ScalingAssumptions assumptions, bool takesMeasured)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, Measured);
        ClusterPoint[] points = takesMeasured
            ? [.. File.ReadAllLines(file).Skip(1).Select(ClusterPoint.Parse)]
            : [.. _works.Select(work => Measure(work.Units, work.Rows, work.Shards, work.Silos))];
        File.WriteAllLines(file, [ClusterPoint.Header, .. points.Select(point => point.ToLine())]);

        // What the picture shows is not what the model was fitted to.
        StepModel measured = StepModel.Fit([.. points.Where(point => !IsCheck(point))]);
        StepModel assumed = measured with
        {
            Bandwidth = Math.Min(measured.Bandwidth, assumptions.Bandwidth),
            Latency = assumptions.Latency,
            PerMachine = assumptions.Message,
            Cores = assumptions.Cores,
        };
        string path = Path.Combine(folder, "scaling.md");
        string notes = File.Exists(path) && File.ReadAllText(path).IndexOf(Notes, StringComparison.Ordinal) is >= 0 and var start
            ? File.ReadAllText(path)[start..] : Notes + "\n";
        File.WriteAllText(path, Page(points, measured, assumed, assumptions) + notes);
        int parameters = points.First(point => point.Units == Units).Parameters;
        File.WriteAllText(Path.Combine(folder, "scaling.svg"), ScalingPicture.Draw(
            assumed, parameters, $"784-{Units}-{Units}-10", string.Create(CultureInfo.InvariantCulture,
                $"Machines of {assumed.Cores} cores; {assumed.Bandwidth / 1e6:0} MB/s and {assumed.Latency * 1e3:0.##} ms between them. ") +
            "Dashed: in proportion"));
        Console.WriteLine(File.ReadAllText(path));
        return 0;
    }

    private static ClusterPoint Measure(int units, int rows, int shards, int silos)
    {
        ClusterPoint point = ClusterMeasurement.Run(units, rows, shards, silos);
        Console.WriteLine(point);
        return point;
    }

    private static bool IsCheck(ClusterPoint point) => point is { Units: Units, Rows: 1024 } or { Units: 512, Rows: 256 };

    private static string Page(IReadOnlyList<ClusterPoint> points, StepModel measured, StepModel assumed, ScalingAssumptions assumptions)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var page = new StringBuilder();
        page.Append("# A training on many machines\n\n## Measured\n\n");
        page.Append(culture, $"{Machine.Description()}; silos in one process, each with one thread, which talk over the loopback interface.\n");
        page.Append("Networks 784-u-u-10, AdamW. Processor time of a silo, which other work on the machine does not lengthen: the cheapest of three\n");
        page.Append("epochs of 16 steps. In bold the points that the model was not fitted to.\n\n");
        page.Append("| u | parameters | rows | shards | silos | step, ms | sent by a silo, MB | model, ms | measured / model |\n");
        page.Append("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (ClusterPoint point in points)
        {
            double model = measured.Computing(point.Parameters, point.Rows, point.Shards, point.Silos)
                + measured.Exchanging(point.Parameters, point.Silos);
            string bold = IsCheck(point) ? "**" : "";
            page.Append(culture,
                $"| {point.Units} | {point.Parameters:N0} | {point.Rows:N0} | {point.Shards} | {point.Silos} | {bold}{point.Step * 1e3:F1}{bold} | ");
            page.Append(culture, $"{point.Bytes / 1e6:F2} | {model * 1e3:F1} | {point.Step / model:F2} |\n");
        }

        page.Append("\n## The model of a step\n\n");
        page.Append("For W machines of c cores, mini-batches of r rows in S shards, and n parameters, a step takes\n\n");
        page.Append("    a r n / (c W) + s n S / W + u n + k + m (W - 2) + 2 L + 2 (W - 1) / W 4 n / b\n\n");
        page.Append("seconds: computing, the gradients of the machine's own shards, the optimizer's step, messages, latency, and the bytes of the gradient.\n");
        page.Append("From the points above:\n\n");
        page.Append(culture, $"- a = {measured.PerRowAndParameter * 1e9:F4} ns for a row and a parameter on one core, ");
        page.Append(culture, $"which is {6 / measured.PerRowAndParameter / 1e9:F0} GFLOP/s;\n");
        page.Append(culture, $"- s = {measured.PerShardAndParameter * 1e9:F2} ns for a parameter in a shard;\n");
        page.Append(culture, $"- u = {measured.PerParameter * 1e9:F2} ns for a parameter;\n");
        page.Append(culture, $"- k = {measured.PerExchange * 1e3:F2} ms for an exchange, however short the gradient;\n");
        page.Append(culture, $"- b = {measured.Bandwidth / 1e6:F0} MB/s that a silo sends while it receives as many.\n\n");
        page.Append("## Many machines\n\n");
        page.Append(culture, $"Machines of {assumed.Cores} cores as fast as the one above, each with one shard; {assumptions.Bandwidth / 1e6:F0} MB/s and ");
        page.Append(culture, $"{assumed.Latency * 1e3:0.##} ms between them, of which messages use\n{assumed.Bandwidth / 1e6:F0} MB/s, as measured.");
        page.Append(culture, $"\nA further machine costs each of the others {assumed.PerMachine * 1e3:0.##} ms for messages (m), which is an assumption.\n");
        page.Append("The efficiency is the number of rows a second, divided by what as many machines had together, each on its own.\n");
        page.Append("With local steps, parameters and the two vectors of AdamW are exchanged, once in eight steps.\n\n");
        page.Append("![Rows a second by machines](scaling.svg)\n\n");
        foreach (int units in new[] { 256, Units })
        {
            int parameters = points.First(point => point.Units == units).Parameters;
            page.Append(culture, $"### 784-{units}-{units}-10, {parameters:N0} parameters\n\n");
            page.Append("| plan | machines | step, ms | of it exchange | efficiency | an epoch of 1e9 rows | of 1e11 rows |\n");
            page.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            foreach (ScalingPlan plan in ScalingPlan.All)
            {
                foreach (int machines in _machines)
                {
                    double step = plan.Step(assumed, parameters, machines);
                    double exchange = assumed.Exchanging(parameters, machines, plan.BytesPerParameter) / plan.StepsPerExchange / step;
                    page.Append(culture, $"| {plan.Name} | {machines} | {step * 1e3:F1} | {100 * exchange:F0} % | ");
                    page.Append(culture, $"{plan.Efficiency(assumed, parameters, machines):F2} | ");
                    page.Append(culture, $"{Time(1e9 / plan.Rows(machines) * step)} | {Time(1e11 / plan.Rows(machines) * step)} |\n");
                }
            }

            page.Append('\n');
        }

        return page.ToString();
    }

    private static string Time(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:F0} days"),
    };
}
