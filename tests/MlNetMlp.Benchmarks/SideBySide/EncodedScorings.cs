using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>
/// A model as <c>Mlp()</c> makes it of 30 numbers, 32 bins each, against the same network whose encoded columns are written, and multiplied, one by one: by
/// processor time. What the peer does not do: standardizing, and averaging the members.
/// </summary>
internal static class EncodedScorings
{
    private const string Written = "columns written", Limit = "10 microseconds a row";
    private const int Features = 30, Bins = 32, Members = 8, Times = 4000;

    private static readonly float[][] _rooms = [new float[1 << 18], new float[1 << 18]];

    public static IEnumerable<Contest> All() => [Create(1), Create(1000)];

    /// <summary>One row alone, also against what it may take at the most.</summary>
    private static Contest Create(int rows)
    {
        MlpArchitecture architecture = Architecture();
        MlpModel model = Untrained.Create(architecture, new SquaredError());
        float[] features = new float[rows * Features], scores = new float[rows];
        new SeededRandom(1).FillNormal(features, 0, 1);
        int times = Math.Max(1, Times / rows);
        ScoringStep[] steps = new ScoringNetwork(architecture, model.Targets, model.Values.ToArray()).Plan(model.Targets).Build();
        return new(
            $"{rows} rows at once, {architecture}, {Bins} bins", times * rows, "rows",
            new("MlNetMlp", () => Time(times, () => model.Predict(features, scores, rows))),
            [
                new(Written, () => Time(times, () => RunSteps(steps, features, rows))),
                .. rows == 1 ? (Contestant[])[new(Limit, () => times * 10e-6)] : [],
            ],
            new Dictionary<string, double> { [Written] = 1.5, [Limit] = 1 });
    }

    /// <summary>The network that the default has for 30 numbers with 32 bins each.</summary>
    internal static MlpArchitecture Architecture()
    {
        int[] sources = [.. Enumerable.Range(0, Features * Bins).Select(bin => bin / Bins)];
        float[] lowerEnds = Array.ConvertAll([.. Enumerable.Range(0, sources.Length)], bin => -2 + 4f * (bin % Bins) / Bins);
        float[] inverseWidths = new float[sources.Length];
        inverseWidths.AsSpan().Fill(Bins / 4f);
        return new(Features, 1)
        {
            Encoding = new FeatureEncoding(Features, sources, lowerEnds, inverseWidths, [], isClipped: false),
            HiddenLayers = [new(64), new(64)],
            SharedMembers = Members,
        };
    }

    /// <summary>As many rows at once as the model takes.</summary>
    private static void RunSteps(ScoringStep[] steps, float[] features, int rows)
    {
        const int RowsAtOnce = 16;
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - first);
            ReadOnlySpan<float> input = features.AsSpan(first * Features, count * Features);
            for (int i = 0; i < steps.Length; i++)
            {
                int after = count * steps[i].RowsPerRow;
                var output = new MatrixSpan(Room(i, after * steps[i].OutputSize), after, steps[i].OutputSize);
                steps[i].Apply(new ReadOnlyMatrixSpan(input, count, steps[i].InputSize), output);
                input = output.Values;
                count = after;
            }
        }
    }

    private static Span<float> Room(int number, int length) => _rooms[number % 2].AsSpan(0, length);

    private static double Time(int times, Action work)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times; i++)
        {
            work();
        }

        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}
