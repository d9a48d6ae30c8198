using System.Diagnostics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>One row at a time, from span to span, against ONNX Runtime and scikit-learn.</summary>
internal static class Predictions
{
    private const int Times = 10_000;

    public static IEnumerable<Contest> All(Peer python, Peer? onnxRuntime, string folder) =>
    [
        Create([16, 64, 32, 1], 5, 100, python, onnxRuntime, folder),
        Create([784, 100, 10], 2, 10, python, onnxRuntime, folder),
    ];

    private static Contest Create(int[] sizes, double onnxGoal, double sklearnGoal, Peer python, Peer? onnxRuntime, string folder)
    {
        string path = Path.Combine(folder, string.Join('-', sizes) + ".onnx");
        var others = new List<Contestant>
        {
            new("scikit-learn", () => python.Seconds(new { @do = "predict-sklearn", sizes, times = Times / 10 }) * 10),
        };
        if (onnxRuntime is not null)
        {
            others.Add(new("ONNX Runtime", () =>
            {
                if (!File.Exists(path))
                {
                    python.Seconds(new { @do = "make-onnx", sizes, path });
                }

                return onnxRuntime.Seconds(new { @do = "predict", path, sizes, times = Times });
            }));
        }

        return new($"one row, {string.Join('-', sizes)}", Times, "rows", Us(sizes), others,
            new Dictionary<string, double> { ["ONNX Runtime"] = onnxGoal, ["scikit-learn"] = sklearnGoal });
    }

    private static Contestant Us(int[] sizes)
    {
        MlpModel model = Untrained.Create(Trainings.Architecture(sizes, 0), Trainings.LossFor(sizes));
        float[] features = new float[sizes[0]], scores = new float[sizes[^1]];
        features.AsSpan().Fill(0.1f);
        return new("MlNetMlp", () =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Times; i++)
            {
                model.Predict(features, scores);
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
    }
}
