namespace MlNetMlp.Diagnostics;

/// <summary>The first epochs of the training that was asked for, on some of its rows.</summary>
/// <param name="Steps">What was seen at every step.</param>
/// <param name="History">The epochs.</param>
/// <param name="Final">The parameters after the last epoch; null if the training diverged.</param>
/// <param name="Divergence">Why there is no end; null if there is one.</param>
internal sealed record ShortTraining(StepStatistics Steps, IReadOnlyList<EpochReport> History, float[]? Final, TrainingDivergedException? Divergence)
{
    private const int EnoughSteps = 200;
    private const int MostTimes = 6;

    /// <param name="task">What is to be trained, on some of its rows; the schedule of the learning rate is cut off, not squeezed.</param>
    /// <param name="batchSize">The size of the mini-batches of all its rows.</param>
    /// <param name="epochs">The number of epochs on many rows.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ShortTraining Run(TrainingTask task, int batchSize, int epochs)
    {
        int? size = task.Options.Optimizer.NeedsAllRows ? null : Math.Min(batchSize, task.Rows.Count);
        int batches = size is { } rows ? (task.Rows.Count + rows - 1) / rows : 1;
        int last = Math.Min(task.Options.NumberOfEpochs, Math.Clamp((EnoughSteps + batches - 1) / batches, epochs, MostTimes * epochs));
        var steps = new StepStatistics();
        var history = new List<EpochReport>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(task.CancellationToken);
        var progress = new Watcher(report =>
        {
            history.Add(report);
            if (report.Epoch == last)
            {
                enough.Cancel();
            }
        });
        try
        {
            MlpModel model = MlpTrainer.Train(task with
            {
                // With the members that share it, if the options ask for some.
                Architecture = task.Architecture,
                Options = task.Options with
                {
                    BatchSize = size,
                    EarlyStopping = null,
                    Ensemble = null,
                    Checkpoint = null,
                    MaximumTrainingTime = null,
                    ThrowOnCancellation = false,
                },
                AfterEpoch = null,
                Progress = progress,
                StepObserver = steps,
                CancellationToken = enough.Token,
            }).Model;
            task.CancellationToken.ThrowIfCancellationRequested();
            return new(steps, history, model.Values.ToArray(), null);
        }
        catch (TrainingDivergedException divergence)
        {
            return new(steps, history, null, divergence);
        }
    }
}
