using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Epochs of mini-batch descent with Adam and ReLU on made-up rows, against PyTorch and scikit-learn.</summary>
internal static class Trainings
{
    private static readonly Trial[] _all =
    [
        new([784, 512, 512, 10], 128, 0.2f, 128 * 150, PyTorch: 2.5),
        new([784, 1024, 1024, 10], 128, 0.5f, 128 * 60, PyTorch: 2),
        new([784, 1024, 1024, 10], 1024, 0.5f, 1024 * 10, PyTorch: 2),
        new([784, 100, 10], 128, 0, 128 * 400, PyTorch: 3, ScikitLearn: 4),
        new([54, 256, 256, 7], 256, 0.1f, 256 * 150, PyTorch: 2),
        new([16, 64, 32, 1], 32, 0, 32 * 1000, PyTorch: 15, ScikitLearn: 10),
        new([30, 128, 64, 1], 32, 0, 32 * 1000, PyTorch: 15, ScikitLearn: 10),
    ];

    public static IEnumerable<Contest> All(IReadOnlyList<Peer> pythons) => _all.Select(training => Create(training, pythons));

    /// <summary>Our epoch on as many threads as are worth it or, if given, on <paramref name="threads"/>.</summary>
    public static Contestant Us(int[] sizes, int batch, float dropout, int rows, int? threads) =>
        Us(Architecture(sizes, dropout), LossFor(sizes), Rows(sizes[0], sizes[^1], rows), batch, threads);

    /// <summary>The same for a network of any kind.</summary>
    public static Contestant Us(MlpArchitecture architecture, Loss loss, InMemoryRows rows, int batch, int? threads)
    {
        Func<MlpTrainingResult> train = Training(architecture, loss, rows, batch, threads);
        return new("MlNetMlp", () =>
        {
            // The second epoch: the first one also pays for what a training makes once.
            TrainingHistory history = train().History;
            return (history[1].Elapsed - history[0].Elapsed).TotalSeconds;
        });
    }

    /// <summary>The time that all threads together compute, or wait without sleeping, in a training of two epochs.</summary>
    public static Contestant ProcessorTime(int[] sizes, int batch, float dropout, int rows, int? threads)
    {
        Func<MlpTrainingResult> train = Training(Architecture(sizes, dropout), LossFor(sizes), Rows(sizes[0], sizes[^1], rows), batch, threads);
        return new("MlNetMlp", () =>
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            train();
            return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        });
    }

    /// <summary>The processor time of the second epoch, which other programs do not lengthen by as much as they do the time that passes.</summary>
    public static Contestant SecondEpoch(MlpArchitecture architecture, Loss loss, InMemoryRows rows, int batch, int? threads)
    {
        var epochs = new EpochClock();
        Func<MlpTrainingResult> train = Training(architecture, loss, rows, batch, threads, epochs);
        return new("MlNetMlp", () =>
        {
            epochs.Ends.Clear();
            train();
            return (epochs.Ends[1] - epochs.Ends[0]).TotalSeconds;
        });
    }

    private static Func<MlpTrainingResult> Training(
        MlpArchitecture architecture, Loss loss, InMemoryRows rows, int batch, int? threads, IProgress<EpochReport>? progress = null)
    {
        var options = new MlpTrainingOptions { BatchSize = batch, Optimizer = new Adam(), LearningRate = 1e-3f, NumberOfEpochs = 2, NumberOfThreads = threads };
        return () => MlpTrainer.Train(new(architecture, loss, rows) { Options = options, UsesAllThreads = threads is not null, Progress = progress });
    }

    /// <summary>That of a classifier, or of a regression for one output.</summary>
    public static Loss LossFor(int[] sizes) => sizes[^1] > 1 ? new SoftmaxCrossEntropy() : new SquaredError();

    /// <summary>ReLU layers of the given sizes between the first and the last one.</summary>
    public static MlpArchitecture Architecture(int[] sizes, float dropout) => new(sizes[0], sizes[^1])
    {
        HiddenLayers = [.. sizes[1..^1].Select(units => new HiddenLayer(units) { Dropout = dropout })],
    };

    /// <summary>Made-up rows; the targets are classes, or a value for one output.</summary>
    public static InMemoryRows Rows(int features, int outputs, int count)
    {
        var rows = new InMemoryRows(features, 1);
        var random = new SeededRandom(1);
        float[] x = new float[features];
        for (int i = 0; i < count; i++)
        {
            random.At(i).FillNormal(x, 0, 1);
            rows.Add(x, [outputs > 1 ? i % outputs : x[0]]);
        }

        return rows;
    }

    private static Contest Create(Trial trial, IReadOnlyList<Peer> pythons)
    {
        (int[] sizes, int batch, float dropout, int rows, double? torchGoal, double? sklearnGoal) = trial;
        var others = new List<Contestant>();
        var goals = new Dictionary<string, double>();
        if (torchGoal is { } torch)
        {
            goals["PyTorch"] = torch;
            others.AddRange(pythons.Select((peer, i) => new Contestant(
                "PyTorch", () => peer.Seconds(new { @do = "train-torch", sizes, batch, rows, dropout, threads = i + 1, times = 1 }))));
        }

        if (sklearnGoal is { } sklearn)
        {
            goals["scikit-learn"] = sklearn;
            others.AddRange(pythons.Select(peer => new Contestant(
                "scikit-learn", () => peer.Seconds(new { @do = "train-sklearn", sizes, batch, rows, times = 1 }))));
        }

        string work = $"train {string.Join('-', sizes)}, batch {batch}" + (dropout > 0 ? FormattableString.Invariant($", dropout {dropout}") : "");
        return new(work, rows, "rows", Us(sizes, batch, dropout, rows, null), others, goals);
    }

    /// <summary>Notes the processor time at the end of every epoch.</summary>
    private sealed class EpochClock : IProgress<EpochReport>
    {
        public List<TimeSpan> Ends { get; } = [];

        public void Report(EpochReport value) => Ends.Add(Environment.CpuUsage.TotalTime);
    }

    private sealed record Trial(int[] Sizes, int Batch, float Dropout, int Rows, double? PyTorch = null, double? ScikitLearn = null);
}
