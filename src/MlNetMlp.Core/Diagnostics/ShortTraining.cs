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

    /// <param name="architecture">The shape of the network.</param>
    /// <param name="loss">The loss, with its class weights.</param>
    /// <param name="rows">Some of the rows.</param>
    /// <param name="rowCount">The number of all rows, which the size of the mini-batches depends on.</param>
    /// <param name="options">The options of the whole training: the schedule of the learning rate is cut off, not squeezed.</param>
    /// <param name="epochs">The number of epochs on many rows.</param>
    /// <param name="cancellationToken">Looked at before every mini-batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ShortTraining Run(
        MlpArchitecture architecture, Loss loss, InMemoryRows rows, int rowCount, MlpTrainingOptions options, int epochs, CancellationToken cancellationToken)
    {
        int batchSize = Math.Min(options.BatchSizeFor(rowCount), rows.Count), batches = (rows.Count + batchSize - 1) / batchSize;
        int last = Math.Min(options.NumberOfEpochs, Math.Clamp((EnoughSteps + batches - 1) / batches, epochs, MostTimes * epochs));
        var steps = new StepStatistics();
        var history = new List<EpochReport>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
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
            MlpTrainingOptions begun = options with
            {
                BatchSize = batchSize,
                EarlyStopping = null,
                Ensemble = null,
                Checkpoint = null,
                ThrowOnCancellation = false,
                StepObserver = steps
            };
            MlpModel model = MlpTrainer.Train(architecture, loss, rows, null, begun, null, progress, enough.Token).Model;
            cancellationToken.ThrowIfCancellationRequested();
            return new(steps, history, model.Values.ToArray(), null);
        }
        catch (TrainingDivergedException divergence)
        {
            return new(steps, history, null, divergence);
        }
    }
}
