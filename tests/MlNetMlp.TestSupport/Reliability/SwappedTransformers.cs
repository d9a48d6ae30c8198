using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.TestSupport;

/// <summary>
/// Many threads score with one transformer, each with a prediction engine of its own and now and then with a view, while another thread replaces it:
/// saves the next one to a file and loads it from there.
/// </summary>
/// <param name="path">The file; its folder exists.</param>
internal sealed class SwappedTransformers(string path)
{
    /// <summary>Otherwise there was little to see: on a busy machine the one thread that replaces the model is one of many.</summary>
    private const int FewestSwaps = 5;

    private static readonly Row[] _rows = [.. Enumerable.Range(0, 48).Select(i => new Row { Features = [MathF.Sin(i), MathF.Cos(i), i % 5], Label = i % 7 })];

    private readonly List<string> _failures = [];
    private volatile bool _ends;
    private readonly MLContext _context = new(1);
    private (ITransformer Model, int Number) _current;
    private long _predictions;

    public long Predictions => _predictions;

    public int Swaps { get; private set; }

    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Scores for so long.</summary>
    public void Run(int threads, TimeSpan duration)
    {
        ITransformer[] models = [.. Enumerable.Range(1, 3).Select(Train)];
        float[][] expected = [.. models.Select(Scores)];
        _current = (models[0], 0);
        var clock = Stopwatch.StartNew();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => Start(() => Predict(expected, thread)))];
        for (int i = 1; Swaps < FewestSwaps || clock.Elapsed < duration; i++)
        {
            _context.Model.SaveAtomically(models[i % models.Length], null, path);
            (ITransformer, int) next = (_context.Model.Load(path, out _), i % models.Length);
            lock (_failures)
            {
                _current = next;
            }

            Swaps++;
            Thread.Sleep(20);
        }

        _ends = true;
        Array.ForEach(all, thread => thread.Join());
    }

    private void Predict(float[][] expected, int thread)
    {
        // As each thread of a server does: an environment, and engines, of its own.
        var context = new MLContext(1);
        (ITransformer? Model, PredictionEngine<Row, Prediction>? Engine) own = default;
        long done = 0;
        for (int turn = thread; !_ends; turn++)
        {
            if (turn % 10 == 0)
            {
                Thread.Sleep(1);
            }

            ITransformer model;
            int number;
            lock (_failures)
            {
                (model, number) = _current;
            }

            if (own.Model != model)
            {
                own = (model, context.Model.CreatePredictionEngine<Row, Prediction>(model));
            }

            int row = turn % _rows.Length;
            bool isSame = turn % 16 == 0
                ? Scores(model).AsSpan().SequenceEqual(expected[number])
                : own.Engine!.Predict(_rows[row]).Score == expected[number][row];
            done += turn % 16 == 0 ? _rows.Length : 1;
            if (!isSame)
            {
                Fail($"Thread {thread}, model {number}, row {row}: another score.");
                return;
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

    private static ITransformer Train(int seed)
    {
        var context = new MLContext(seed);
        var options = new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(30)],
            NumberOfEpochs = 2,
            NumberOfThreads = 1,
            Seed = seed,
        };
        return context.Regression.Trainers.Mlp(options).Fit(context.Data.LoadFromEnumerable(_rows));
    }

    private static float[] Scores(ITransformer model)
    {
        IDataView view = model.Transform(new MLContext(1).Data.LoadFromEnumerable(_rows));
        DataViewSchema.Column column = view.Schema["Score"];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<float> score = cursor.GetGetter<float>(column);
        var scores = new List<float>();
        float value = 0;
        while (cursor.MoveNext())
        {
            score(ref value);
            scores.Add(value);
        }

        return [.. scores];
    }

    internal sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    internal sealed class Prediction
    {
        public float Score { get; set; }
    }
}
