using System.Diagnostics;

namespace MlNetMlp.TestSupport;

/// <summary>Many threads predict with one model, while another thread replaces it: saves the next one to a file and loads it from there.</summary>
/// <param name="path">The file; its folder exists.</param>
internal sealed class SwappedModels(string path)
{
    /// <summary>Otherwise there was little to see: on a busy machine the one thread that replaces the model is one of many.</summary>
    private const int FewestSwaps = 5;

    private const int Rows = 64;

    private readonly List<string> _failures = [];
    private volatile bool _ends;
    private (MlpModel Model, int Number) _current;
    private long _predictions;

    public long Predictions => _predictions;

    public int Swaps { get; private set; }

    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Predicts for so long.</summary>
    public void Run(MlpModel[] models, int threads, TimeSpan duration)
    {
        float[] features = Features(models[0].FeatureCount);
        int[][] expected = [.. models.Select(model => Scores(model, features))];
        _current = (models[0], 0);
        var clock = Stopwatch.StartNew();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => Start(() => Predict(features, expected, thread)))];
        for (int i = 1; Swaps < FewestSwaps || clock.Elapsed < duration; i++)
        {
            models[i % models.Length].Save(path);
            (MlpModel, int) next = (MlpModel.Load(path), i % models.Length);
            lock (_failures)
            {
                _current = next;
            }

            Swaps++;
            Thread.Sleep(5);
        }

        _ends = true;
        Array.ForEach(all, thread => thread.Join());
    }

    /// <summary>Rows one by one, and all at once now and then: the bits are the same.</summary>
    private void Predict(float[] features, int[][] expected, int thread)
    {
        long done = 0;
        for (int turn = thread; !_ends; turn++)
        {
            if (turn % 10 == 0)
            {
                Thread.Sleep(1);
            }

            MlpModel model;
            int number;
            lock (_failures)
            {
                (model, number) = _current;
            }

            int outputs = model.OutputCount, first = turn % Rows, count = turn % 5 == 0 ? Rows - first : 1;
            float[] scores = new float[count * outputs];
            model.Predict(features.AsSpan(first * model.FeatureCount, count * model.FeatureCount), scores, count);
            done += count;
            for (int i = 0; i < scores.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(scores[i]) != expected[number][first * outputs + i])
                {
                    Fail($"Thread {thread}, model {number}, row {first + i / outputs}: another score.");
                    return;
                }
            }
        }

        Interlocked.Add(ref _predictions, done);
    }

    private Thread Start(Action action)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // Whatever a prediction throws is a failure of the trial.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception.ToString());
            }
        });
        thread.Start();
        return thread;
    }

    private void Fail(string failure)
    {
        lock (_failures)
        {
            _failures.Add(failure);
        }
    }

    private static float[] Features(int count) => [.. Enumerable.Range(0, Rows * count).Select(i => MathF.Sin(i) * 3)];

    private static int[] Scores(MlpModel model, float[] features)
    {
        float[] scores = new float[Rows * model.OutputCount];
        for (int row = 0; row < Rows; row++)
        {
            model.Predict(features.AsSpan(row * model.FeatureCount, model.FeatureCount), scores.AsSpan(row * model.OutputCount, model.OutputCount));
        }

        return [.. scores.Select(BitConverter.SingleToInt32Bits)];
    }
}
