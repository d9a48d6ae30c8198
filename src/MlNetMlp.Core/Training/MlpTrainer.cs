using System.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>Trains a multilayer perceptron by gradient descent with back-propagation (Rumelhart, Hinton and Williams, 1986).</summary>
public static class MlpTrainer
{
    /// <summary>Trains a network and returns the model of its best epoch.</summary>
    /// <param name="architecture">The shape of the network.</param>
    /// <param name="loss">What is minimised; it also says what targets and scores mean.</param>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">
    /// Rows that are only looked at, to choose the best epoch and to stop. Null: early stopping goes by the training loss with its
    /// penalties, and without early stopping the last epoch counts as the best.
    /// </param>
    /// <param name="options">How to train.</param>
    /// <param name="initialModel">
    /// A model to continue from: its parameters, standardization and target units are kept, so that what it learned keeps its meaning;
    /// everything else follows <paramref name="options"/>. Where epochs are compared, by validation rows or for early stopping, it takes part as epoch 0.
    /// Of an ensemble, each member continues; snapshots begin with the last one. Null starts anew.
    /// </param>
    /// <param name="progress">Told of every epoch that is run, on the calling thread's time.</param>
    /// <param name="cancellationToken">
    /// Looked at before every mini-batch, of training and validation rows alike, and while rows are read for anything else. What it does not end are
    /// readings that the model to be returned needs: those for the <see cref="BatchStatistics.TrainingSet"/> of a model from a first epoch, and those before
    /// the first epoch where a checkpoint has a model already.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The rows do not fit the architecture, the loss or the options, there are none, all weights are zero, the initial model has another shape
    /// or another number of networks, or there are fewer epochs than cycles of <see cref="Ensemble.Snapshots"/>.
    /// </exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to another training.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read or written.</exception>
    /// <exception cref="InvalidFeatureException">A feature is one that the options refuse.</exception>
    /// <exception cref="TrainingDivergedException">
    /// The loss, the validation loss or a parameter is no longer finite; or, at the end, the best parameters are, but not a weight into which some
    /// of them, and the units of the targets, are multiplied for scoring.
    /// </exception>
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
        CheckpointKeeper? checkpoint = CheckpointKeeper.Open(architecture, loss, training, validation, options, initialModel, cancellationToken);
        CancellationToken preparing = checkpoint?.Preparing(options, cancellationToken) ?? cancellationToken;
        (training, validation) = ClassWeightedRows.Apply(loss, architecture.OutputSize, training, validation, preparing);
        Stopwatch clock = Stopwatch.StartNew();
        TrainingSetup setup = TrainingSetup.Measure(training, architecture.OutputSize, loss, options, initialModel, preparing);
        loss = loss.ForModel;
        double validationWeight = validation is null ? 0 : setup.MeasureValidation(validation, architecture.OutputSize, loss, preparing);

        using var team = new ThreadTeam(options.ThreadCount);
        var job = new NetworkTraining(architecture, loss, training, validation, validationWeight, options, setup, initialModel, clock)
        {
            CancellationToken = cancellationToken,
            Preparing = preparing,
        };
        MlpTrainingResult result = options.Ensemble is { } ensemble
            ? new EnsembleTraining(ensemble, job, initialModel, team, checkpoint, progress).Run()
            : TrainNetwork(job, team, checkpoint, progress);
        if (result.End != TrainingEnd.Cancelled)
        {
            checkpoint?.Discard();
        }

        return result;
    }

    /// <summary>Trains one network, the only one or a member of an ensemble.</summary>
    /// <exception cref="TrainingDivergedException">The loss, the validation loss or a parameter is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception or no mini-batch was learned yet.</exception>
    internal static MlpTrainingResult TrainNetwork(NetworkTraining job, ThreadTeam team, CheckpointKeeper? checkpoint, IProgress<EpochReport>? progress)
    {
        CancellationToken cancellationToken = job.CancellationToken;
        (MlpArchitecture architecture, Loss loss, IRowSource training, IRowSource? validation, double validationWeight,
            MlpTrainingOptions options, TrainingSetup setup, MlpModel? initialModel, Stopwatch clock, int member, int members) = job;
        var run = new TrainingRun(architecture, loss, training, options, setup, team);
        bool keepsLatest = validation is null && options.EarlyStopping is null;
        var best = new BestWeights(run.Network.Parameters, loss, options.EarlyStopping, keepsLatest);
        if (initialModel is not null)
        {
            run.Network.Parameters.Restore(initialModel.Values);
            if (!keepsLatest && job.InitialMayBeBest)
            {
                OfferInitial(best, run, run.Judge(validation, validationWeight, job.Preparing), initialModel);
            }
        }

        List<EpochReport> history = checkpoint?.Resume(job, run, best) ?? [];
        history.ForEach(report => run.Observe(report.MonitoredLoss));
        TimeSpan before = checkpoint?.Elapsed ?? TimeSpan.Zero;
        bool isCancelled = false;
        while (history.Count < options.NumberOfEpochs && !best.ShouldStop && !run.HasConverged)
        {
            int epoch = history.Count;
            double? learned = run.RunEpoch(epoch, keepsUnfinished: job.KeepsUnfinished && best.Epoch is null, cancellationToken);
            (double Loss, double Metric)? measured = learned is null || validation is null ? null : run.Evaluate(validation, validationWeight, epoch,
                cancellationToken);
            if (learned is not { } trainingLoss || (validation is not null && measured is null))
            {
                isCancelled = true;
                break;
            }

            var report = new EpochReport
            {
                Epoch = epoch + 1,
                NumberOfEpochs = options.NumberOfEpochs,
                TrainingLoss = trainingLoss,
                ValidationLoss = measured?.Loss,
                ValidationMetric = measured?.Metric,
                LearningRate = run.LearningRate,
                GradientNorm = run.GradientNorm,
                Elapsed = before + clock.Elapsed,
                Member = member,
                Members = members,
                RunningLoss = run.RunningLoss,
                Penalty = run.Penalty,
            };
            report = report with { IsBest = best.Offer(report.Epoch, report.MonitoredLoss, report.ValidationMetric) };
            history.Add(report);
            run.Observe(report.MonitoredLoss);

            // Before anybody is told, who may throw.
            checkpoint?.Keep(run, best, history);
            progress?.Report(report);
        }

        if (isCancelled && (options.ThrowOnCancellation || run.Steps == 0))
        {
            throw new OperationCanceledException(cancellationToken);
        }

        if (best.Epoch is not null)
        {
            best.Restore();
        }

        TrainingEnd end = isCancelled ? TrainingEnd.Cancelled
            : best.ShouldStop ? TrainingEnd.StoppedEarly
            : run.HasConverged ? TrainingEnd.Converged
            : TrainingEnd.Completed;
        return new MlpTrainingResult
        {
            Model = run.ToModel(best.Epoch ?? 1),
            History = new TrainingHistory(history, loss.MetricName),
            BestEpoch = best.Epoch ?? 0,
            End = end,
            IsInitialModel = best.Epoch == 0,
        };
    }

    /// <summary>Lets the model that the training continues from take part in the choice, as epoch 0, if its loss is one to compare with.</summary>
    private static void OfferInitial(BestWeights best, TrainingRun run, (double Loss, double? Metric) judged, MlpModel initialModel)
    {
        // Judging may have moved statistics of batch normalization.
        run.Network.Parameters.Restore(initialModel.Values);
        if (double.IsFinite(judged.Loss))
        {
            best.Offer(0, judged.Loss, judged.Metric);
        }
    }

    /// <summary>Refuses what does not fit together, as <see cref="Train"/> does first of all.</summary>
    internal static void Check(
        MlpArchitecture architecture, Loss loss, IRowSource training, IRowSource? validation, MlpTrainingOptions options, MlpModel? initialModel)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(architecture);
        loss.CheckOutputCount(architecture.OutputSize);
        CheckShape(architecture, loss, training, nameof(training));
        options.CheckBatchSize(training.Count);
        if (validation is not null)
        {
            CheckShape(architecture, loss, validation, nameof(validation));
        }

        if (options.EarlyStopping is { Monitor: MonitoredQuantity.Metric } && validation is null)
        {
            throw new ArgumentException(
                $"{nameof(EarlyStopping)}.{nameof(EarlyStopping.Monitor)} is {nameof(MonitoredQuantity.Metric)}, but there are no " +
                "validation rows to measure; " +
                $"it must be {nameof(MonitoredQuantity.Loss)}, or rows must be given or set aside.", nameof(options));
        }

        if (training.IsSparse && SparseTraining.ProblemWith(architecture, options) is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        options.Augmentation?.CheckFeatureCount(architecture.InputSize);
        if (options.ClassBalancedBatches && loss is not ClassificationLoss)
        {
            throw new ArgumentException($"{nameof(options.ClassBalancedBatches)} is true, but {loss} knows no classes; it must be false.", nameof(options));
        }

        options.Ensemble?.CheckEpochs(options.NumberOfEpochs);
        if (initialModel is not null && !(options.Ensemble?.CanContinueFrom(initialModel.Members.Count) ?? initialModel.Members.Count == 1))
        {
            throw new ArgumentException(
                $"The training continues from a model of {initialModel.Members.Count} networks, but {nameof(options.Ensemble)} asks " +
                $"for {options.Ensemble?.Members ?? 1}; " +
                "it must be as many, for each of them is trained further.", nameof(initialModel));
        }

        if (initialModel is not null && (!initialModel.Architecture.Equals(architecture) || !initialModel.Loss.Equals(loss.ForModel)))
        {
            throw new ArgumentException(
                $"The training continues from a {initialModel.Architecture} network with {initialModel.Loss.Description}, but asks for {architecture} " +
                $"with {loss.ForModel.Description}; sizes, activations, normalizations, residual connections, dropout, DropConnect, noise, " +
                "penalties on activations, initial weights and biases, and loss must be the same, or the training has to start anew.", nameof(initialModel));
        }
    }

    /// <summary>Refuses sparse rows for what examines dense ones.</summary>
    internal static void RefuseSparse(IRowSource rows)
    {
        if (rows.IsSparse)
        {
            throw new ArgumentException("The rows are sparse; only dense ones, such as InMemoryRows, can be examined.", nameof(rows));
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
