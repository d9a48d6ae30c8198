namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Training on as many threads as are worth it, against training on one, and on the best fixed number.</summary>
internal static class Scalings
{
    private const string OneThread = "one thread";
    private const string BestNumber = "best number of threads";

    public static IEnumerable<Contest> All() =>
    [
        Speed([784, 1024, 1024, 10], 256, 0, 256 * 20, 1.8),
        Speed([784, 1024, 1024, 10], 128, 0.5f, 128 * 40, 1),
        Speed([784, 512, 512, 10], 128, 0.2f, 128 * 80, 1),
        Speed([784, 100, 10], 128, 0, 128 * 300, 1),
        Speed([54, 256, 256, 7], 256, 0.1f, 256 * 200, 1),
        Speed([30, 128, 64, 1], 32, 0, 32 * 4000, 1),
        Speed([16, 64, 32, 1], 32, 0, 32 * 8000, 1),
        ProcessorTime([30, 128, 64, 1], 32, 0, 32 * 4000, 1 / 1.3),
        ProcessorTime([16, 64, 32, 1], 32, 0, 32 * 8000, 1 / 1.3),
    ];

    private static Contest Speed(int[] sizes, int batch, float dropout, int rows, double goal) => new(
        Name("train", sizes, batch, dropout), rows, "rows", Trainings.Us(sizes, batch, dropout, rows, null),
        [
            Trainings.Us(sizes, batch, dropout, rows, 1) with { Name = OneThread },
            .. NumbersOfThreads().Select(threads => Trainings.Us(sizes, batch, dropout, rows, threads) with { Name = BestNumber }),
        ],
        new Dictionary<string, double> { [OneThread] = goal, [BestNumber] = 0.95 });

    private static Contest ProcessorTime(int[] sizes, int batch, float dropout, int rows, double goal) => new(
        Name("processor time of", sizes, batch, dropout), 2 * rows, "rows", Trainings.ProcessorTime(sizes, batch, dropout, rows, null),
        [Trainings.ProcessorTime(sizes, batch, dropout, rows, 1) with { Name = OneThread }],
        new Dictionary<string, double> { [OneThread] = goal });

    private static string Name(string what, int[] sizes, int batch, float dropout) =>
        $"{what} {string.Join('-', sizes)}, batch {batch}" + (dropout > 0 ? FormattableString.Invariant($", dropout {dropout}") : "");

    /// <summary>1, 2, 4 and so on up to the processors.</summary>
    private static IEnumerable<int> NumbersOfThreads()
    {
        int threads = 1;
        for (; threads < Environment.ProcessorCount; threads *= 2)
        {
            yield return threads;
        }

        yield return Environment.ProcessorCount;
    }
}
