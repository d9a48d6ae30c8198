using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>A trainer of ML.NET, or one that is used like those.</summary>
internal abstract class MlNetSide : QualitySide
{
    private const int WarmUpRows = 200;

    private readonly ConcurrentDictionary<QualityTask, bool> _warm = new();

    /// <summary>The trainer for a task.</summary>
    protected abstract IEstimator<ITransformer> Trainer(MLContext context, PreparedRows rows, int seed, int? threads);

    public override Predicted Run(PreparedRows rows, int seed, int? threads, bool alone)
    {
        if (_warm.TryAdd(rows.Set.Task, true))
        {
            WarmUp(rows, seed, threads);
        }

        var context = new MLContext(seed);
        IEstimator<ITransformer> trainer = Trainer(context, rows, seed, threads);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        TimeSpan processorStart = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        ITransformer model = trainer.Fit(rows.Train);
        double fitSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        double processorSeconds = (process.TotalProcessorTime - processorStart).TotalSeconds;

        double[] values = Score(rows, model);
        start = Stopwatch.GetTimestamp();
        Score(rows, model);
        double scoringSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var file = new MemoryStream();
        context.Model.Save(model, rows.Train.Schema, file);
        return new Predicted(values, fitSeconds, alone ? processorSeconds : null, scoringSeconds, file.Length);
    }

    /// <summary>A run on few rows, so that no first one pays for the compiler. What goes wrong with few rows says nothing.</summary>
    private void WarmUp(PreparedRows rows, int seed, int? threads)
    {
        var context = new MLContext(seed);
        try
        {
            Score(rows, Trainer(context, rows, seed, threads).Fit(context.Data.TakeRows(rows.Train, WarmUpRows)));
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
        }
    }

    private static double[] Score(PreparedRows rows, ITransformer model)
    {
        IDataView scored = model.Transform(rows.Test);
        int count = rows.TestLabels.Length;
        switch (rows.Set.Task)
        {
            case QualityTask.Regression:
                return [.. scored.GetColumn<float>("Score").Select(score => (double)score)];
            case QualityTask.Binary:
                return [.. scored.GetColumn<float>("Probability").SelectMany(probability => (double[])[1.0 - probability, probability])];
            default:
                double[] values = new double[count * rows.Classes.Length];
                float[] row = new float[rows.Classes.Length];
                int next = 0;
                foreach (VBuffer<float> scores in scored.GetColumn<VBuffer<float>>("Score"))
                {
                    scores.CopyTo(row);
                    foreach (float probability in row)
                    {
                        values[next++] = probability;
                    }
                }

                return values;
        }
    }
}
