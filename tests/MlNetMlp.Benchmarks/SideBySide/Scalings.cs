namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Training on two threads against training on one.</summary>
internal static class Scalings
{
    private const string OneThread = "one thread";

    public static IEnumerable<Contest> All() =>
    [
        Create([784, 1024, 1024, 10], 256, 0, 256 * 20, 1.8),
        Create([784, 1024, 1024, 10], 128, 0.5f, 128 * 40, 1),
        Create([784, 512, 512, 10], 128, 0.2f, 128 * 80, 1),
        Create([784, 100, 10], 128, 0, 128 * 300, 1),
        Create([30, 128, 64, 1], 32, 0, 32 * 1000, 1),
        Create([16, 64, 32, 1], 32, 0, 32 * 1000, 1),
    ];

    private static Contest Create(int[] sizes, int batch, float dropout, int rows, double goal) => new(
        $"train {string.Join('-', sizes)}, batch {batch}" + (dropout > 0 ? FormattableString.Invariant($", dropout {dropout}") : ""),
        rows, "rows", Trainings.Us(sizes, batch, dropout, rows, 2), [Trainings.Us(sizes, batch, dropout, rows, 1) with { Name = OneThread }],
        new Dictionary<string, double> { [OneThread] = goal });
}
