using System.Diagnostics;
using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>One training run of a trial and its metric.</summary>
/// <param name="task">The task.</param>
/// <param name="metric">What is measured.</param>
internal sealed class FoldTraining<TOptions, TMetrics>(SearchTask<TOptions, TMetrics> task, SearchMetric<TMetrics> metric)
    where TOptions : MlpTrainerOptions
    where TMetrics : class
{
    /// <param name="options">The options.</param>
    /// <param name="trainingRows">The rows to learn from.</param>
    /// <param name="testRows">The rows to evaluate on.</param>
    /// <param name="limits">The loss after each epoch that it must not exceed; null: losses are not compared.</param>
    /// <exception cref="InvalidOperationException">The metric needs probabilities, and the loss makes none.</exception>
    public FoldScore Run(TOptions options, IDataView trainingRows, IDataView testRows, IReadOnlyList<double>? limits = null)
    {
        if (metric.NeedsProbabilities && !options.TaskLoss.GivesProbabilities)
        {
            throw new InvalidOperationException(
                $"The {metric} measures probabilities, and {options.TaskLoss} makes none; search by another metric, such as the accuracy.");
        }

        // An environment of its own: ML.NET's are not made for several threads, and the log has a line for each trial, not for each epoch.
        var context = new MLContext(options.Seed);
        long started = Stopwatch.GetTimestamp();
        var pruning = limits is null ? null : new Pruning(limits, options.AfterEpoch);
        TOptions asked = pruning is null ? options : options with { AfterEpoch = pruning.Ask };
        MlpPredictionTransformer transformer = task.Create(context, asked).Fit(trainingRows);
        IDataView scored = transformer.Transform(testRows);
        double value = metric.FromScores?.Invoke(scored, options.LabelColumnName)
            ?? task.Evaluate(context, scored, options.LabelColumnName).Average(metric.Of);
        MlpTrainingResult training = transformer.Model.Training!;
        return new FoldScore
        {
            Value = value,
            Epochs = training.History.Count,
            BestEpoch = training.BestEpoch,
            Elapsed = Stopwatch.GetElapsedTime(started),
            IsPruned = pruning?.HasEnded == true,
            Losses = pruning?.Losses ?? [],
        };
    }
}
