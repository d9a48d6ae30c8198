using System.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Trains a multilayer perceptron by gradient descent with back-propagation (Rumelhart, Hinton and Williams, 1986).</summary>
public static class MlpTrainer
{
    /// <summary>Trains a network and returns the model of its best epoch.</summary>
    /// <param name="architecture">The shape of the network.</param>
    /// <param name="loss">What is minimised; it also says what targets and scores mean.</param>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">Rows that are only looked at, to choose the best epoch and to stop. Null: early stopping goes by the training loss with its penalties, and without early stopping the last epoch counts as the best.</param>
    /// <param name="options">How to train.</param>
    /// <param name="initialModel">
    /// A model to continue from: its parameters, standardization and target units are kept, so that what it learned keeps its meaning;
    /// everything else follows <paramref name="options"/>. Null starts anew.
    /// </param>
    /// <param name="progress">Told of every epoch, on the calling thread's time.</param>
    /// <param name="cancellationToken">Looked at before every mini-batch.</param>
    /// <exception cref="ArgumentException">
    /// The rows do not fit the architecture or the loss, there are none, all weights are zero, options do not go together, or the initial
    /// model has another shape.
    /// </exception>
    /// <exception cref="InvalidFeatureException">A feature is one that the options refuse.</exception>
    /// <exception cref="TrainingDivergedException">The loss, the validation loss or a parameter is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled, and the options ask for the exception or no mini-batch was learned yet.
    /// </exception>
    public static MlpTrainingResult Train(
        MlpArchitecture architecture,
        Loss loss,
        IRowSource training,
        IRowSource? validation,
        MlpTrainingOptions options,
        MlpModel? initialModel = null,
        IProgress<EpochReport>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(architecture, loss, training, validation, options, initialModel);
        (training, validation) = ClassWeightedRows.Apply(loss, architecture.OutputSize, training, validation);
        loss = loss.ForModel;
        Stopwatch clock = Stopwatch.StartNew();
        TrainingSetup setup = TrainingSetup.Measure(training, architecture.OutputSize, loss, options, initialModel);
        double validationWeight = validation is null ? 0 : setup.MeasureValidation(validation, architecture.OutputSize, loss);

        using var team = new ThreadTeam(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        var run = new TrainingRun(architecture, loss, training, options, setup, team);
        if (initialModel is not null)
        {
            run.Network.Parameters.Restore(initialModel.Values);
        }

        var best = new BestWeights(run.Network.Parameters, options.EarlyStopping, keepsLatest: validation is null && options.EarlyStopping is null);
        var history = new List<EpochReport>();
        TrainingEnd end = TrainingEnd.Completed;
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            if (run.RunEpoch(epoch, cancellationToken) is not { } trainingLoss)
            {
                end = TrainingEnd.Cancelled;
                break;
            }

            (double Loss, double Metric)? measured = validation is null ? null : run.Evaluate(validation, validationWeight, epoch);
            double monitored = measured?.Loss ?? trainingLoss + run.Penalty;
            run.Observe(monitored);
            bool isBest = best.Offer(epoch + 1, monitored);
            var report = new EpochReport(
                epoch + 1, options.Epochs, trainingLoss, measured?.Loss, measured?.Metric, run.LearningRate, run.GradientNorm, clock.Elapsed, isBest)
            {
                MonitoredLoss = monitored,
            };
            history.Add(report);
            progress?.Report(report);
            if (best.ShouldStop)
            {
                end = TrainingEnd.StoppedEarly;
                break;
            }

            if (run.HasConverged)
            {
                end = TrainingEnd.Converged;
                break;
            }
        }

        if (end == TrainingEnd.Cancelled && (options.ThrowOnCancellation || run.Steps == 0))
        {
            throw new OperationCanceledException(cancellationToken);
        }

        if (best.Epoch > 0)
        {
            best.Restore();
        }

        var model = new MlpModel(architecture, loss, setup.Standardizer, setup.Targets, run.Network.Parameters.Snapshot());
        return new MlpTrainingResult(model, history, best.Epoch, end);
    }

    private static void Check(
        MlpArchitecture architecture, Loss loss, IRowSource training, IRowSource? validation, MlpTrainingOptions options, MlpModel? initialModel)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        loss.CheckOutputCount(architecture.OutputSize);
        CheckShape(architecture, loss, training, nameof(training));
        options.CheckBatchSize(training.Count);
        if (validation is not null)
        {
            CheckShape(architecture, loss, validation, nameof(validation));
        }

        if (initialModel is not null && (!initialModel.Architecture.Equals(architecture) || !initialModel.Loss.Equals(loss.ForModel)))
        {
            throw new ArgumentException(
                $"The training continues from a {initialModel.Architecture} network with {initialModel.Loss}, but asks for {architecture} with {loss}; " +
                "sizes, activations, normalizations, residual connections, dropout, noise, initial weights and loss must be the same, or the training has to start anew.", nameof(initialModel));
        }
    }

    private static void CheckShape(MlpArchitecture architecture, Loss loss, IRowSource rows, string name)
    {
        int targets = loss.TargetCount(architecture.OutputSize);
        if (rows.FeatureCount != architecture.InputSize || rows.TargetCount != targets)
        {
            throw new ArgumentException(
                $"The rows have {rows.FeatureCount} features and {rows.TargetCount} targets, but the network {architecture} with {loss} needs " +
                $"{architecture.InputSize} and {targets}.", name);
        }
    }
}
