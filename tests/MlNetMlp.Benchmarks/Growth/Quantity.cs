namespace MlNetMlp.Benchmarks.Growth;

/// <summary>Something that grows while everything else stays as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Setting">What stays as it is.</param>
/// <param name="Series">The trainings, from the smallest value to the largest; several series show what it does to several networks.</param>
/// <param name="Kind">What is looked at.</param>
internal sealed record Quantity(string Name, string Setting, IReadOnlyList<GrowthCase[]> Series, GrowthKind Kind = GrowthKind.Epoch)
{
    /// <summary>How the time would grow if it were in proportion to the work.</summary>
    public int Slope => Kind == GrowthKind.Threads ? -1 : 1;

    public string TimeName => Kind switch
    {
        GrowthKind.Epoch => "time of an epoch",
        GrowthKind.Batch => "time of a mini-batch",
        _ => "epoch, relative to one thread",
    };

    /// <summary>All that are measured. The networks are small enough for a few minutes and large enough for the products to matter.</summary>
    public static IReadOnlyList<Quantity> All { get; } =
    [
        new("rows", "16-64-32-1, mini-batches of 64",
            [[.. Steps(1000, 256_000).Append(1_000_000).Select(rows => new GrowthCase(rows, [16, 64, 32, 1], 64, rows))]]),
        new("features", "f-128-10, mini-batches of 128, 4,096 rows",
            [[.. Steps(16, 4096).Select(features => new GrowthCase(features, [features, 128, 10], 128, 4096))]]),
        new("width", "64-w-w-10, mini-batches of 128, 1,024 rows",
            [[.. Steps(16, 4096).Select(units => new GrowthCase(units, [64, units, units, 10], 128, 1024))]]),
        new("depth", "64-128-...-128-10, mini-batches of 128, 4,096 rows",
            [[.. Steps(1, 16, 2).Select(layers => new GrowthCase(layers, [64, .. Enumerable.Repeat(128, layers), 10], 128, 4096))]]),
        new("batch size", "64-128-128-10, 16,384 rows", [[.. Steps(1, 4096).Select(rows => new GrowthCase(rows, [64, 128, 128, 10], rows, 16_384))]],
            GrowthKind.Batch),
        new("threads", "mini-batches of 128", [Threads([784, 512, 512, 10], 8192), Threads([784, 100, 10], 16_384),
            Threads([16, 64, 32, 1], 65_536)], GrowthKind.Threads),
    ];

    /// <summary>The work that the time is of, as it lies on the axis: multiply-adds, or threads.</summary>
    public double Work(GrowthCase of) => Kind switch
    {
        GrowthKind.Epoch => of.Rows * of.MultiplyAddsOfRow,
        GrowthKind.Batch => of.BatchSize * of.MultiplyAddsOfRow,
        _ => of.Threads,
    };

    /// <summary>The time that is looked at.</summary>
    public double Time(GrowthCase of, double epochSeconds) => Kind == GrowthKind.Batch ? epochSeconds / of.Batches : epochSeconds;

    private static GrowthCase[] Threads(int[] sizes, int rows) =>
        [.. Steps(1, Environment.ProcessorCount, 2).Select(threads => new GrowthCase(threads, sizes, 128, rows, threads))];

    private static IEnumerable<int> Steps(int first, int last, int factor = 4)
    {
        for (int value = first; value <= last; value *= factor)
        {
            yield return value;
        }
    }
}
