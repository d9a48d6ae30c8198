using System.Diagnostics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>
/// Members that share a network against the same multiplications in a plain one, where k members on a row are k rows, and against k separate networks;
/// training by processor time.
/// </summary>
internal static class SharedMembers
{
    private const string Plain = "plain network, as many rows", Separate = "separate networks";
    private const int Times = 10_000;

    /// <summary>The part of a plain network's speed in multiplications that training reaches at the least.</summary>
    private const double TrainingGoal = 0.7;

    public static IEnumerable<Contest> All() =>
    [
        Training([54, 256, 256, 7], members: 8, batch: 256),
        Training([54, 256, 256, 7], members: 8, batch: 32),
        Training([784, 256, 256, 10], members: 8, batch: 256),
        Training([16, 256, 256, 1], members: 16, batch: 256),
        Prediction([100, 128, 128, 1], members: 8),
        Prediction([100, 128, 128, 10], members: 8),
        Prediction([100, 256, 256, 1], members: 16),
    ];

    private static Contest Training(int[] sizes, int members, int batch)
    {
        int rows = Math.Max(1000, 60 * batch);
        Loss loss = Trainings.LossFor(sizes);
        MlpArchitecture plain = Trainings.Architecture(sizes, 0);
        return new(
            $"train {string.Join('-', sizes)}, batch {batch}, {members} members", rows, "rows",
            Trainings.SecondEpoch(plain with { SharedMembers = members }, loss, Trainings.Rows(sizes[0], sizes[^1], rows), batch, 1),
            [Trainings.SecondEpoch(plain, loss, Trainings.Rows(sizes[0], sizes[^1], rows * members), batch * members, 1) with { Name = Plain }],
            new Dictionary<string, double> { [Plain] = TrainingGoal });
    }

    private static Contest Prediction(int[] sizes, int members)
    {
        MlpModel model = Untrained.Create(Trainings.Architecture(sizes, 0) with { SharedMembers = members }, Trainings.LossFor(sizes));
        return new(
            $"one row, {string.Join('-', sizes)}, {members} members", Times, "rows", OneByOne("MlNetMlp", model),
            [OneByOne(Separate, MlpModel.Average([.. model.Members]))], new Dictionary<string, double>());
    }

    private static Contestant OneByOne(string name, MlpModel model) => new(name, () =>
    {
        float[] features = new float[model.FeatureCount], scores = new float[model.OutputCount];
        features.AsSpan().Fill(0.1f);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Times; i++)
        {
            model.Predict(features, scores);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });
}
