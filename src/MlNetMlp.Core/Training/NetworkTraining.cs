using System.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The training of one network, the only one or a member of an ensemble, with everything checked.</summary>
/// <param name="Task">What is trained, its class weights in the weights of the rows.</param>
/// <param name="Setup">What is known of its rows.</param>
/// <param name="Team">The threads.</param>
/// <param name="Checkpoint">Where the state is kept, or null.</param>
/// <param name="Clock">Runs since the training began.</param>
internal sealed record NetworkTraining(TrainingTask Task, TrainingSetup Setup, ThreadTeam Team, CheckpointKeeper? Checkpoint, Stopwatch Clock)
{
    /// <summary>The network's number in its ensemble, from 1.</summary>
    public int Member { get; init; } = 1;

    /// <summary>The number of networks that are to be trained.</summary>
    public int Members { get; init; } = 1;

    /// <summary>
    /// Whether the model that the training continues from may turn out to be the best network: a model that was given may, the snapshot before must
    /// not become one twice.
    /// </summary>
    public bool InitialMayBeBest { get; init; } = true;

    /// <summary>Looked at where rows are read before the first epoch; see <see cref="CheckpointKeeper.Preparing(TrainingTask)"/>.</summary>
    public CancellationToken Preparing { get; init; }

    /// <summary>The time that the training may take; its token is that of the <see cref="Task"/>.</summary>
    public required TimeLimit Limit { get; init; }

    /// <summary>
    /// Whether a cancelled training run whose first epoch is not over returns what was learned until then: not where it throws, nor for a member of an
    /// ensemble that has others.
    /// </summary>
    private bool KeepsUnfinished => (Limit.Exists || !Task.Options.ThrowOnCancellation) && Member == 1;

    /// <summary>Trains the network.</summary>
    /// <exception cref="TrainingDivergedException">The loss, the validation loss or a parameter is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled, and the options ask for the exception or no mini-batch has been learned from yet; or, with the token of the limit, the time was over
    /// before that.
    /// </exception>
    public MlpTrainingResult Run()
    {
        using ITrainingRun run = Start();
        return Run(run);
    }

    /// <summary>Makes ready, here or on the cluster.</summary>
    public ITrainingRun Start() => Task.Cluster?.Start(Task, Setup, Member - 1) ?? new TrainingRun(Task, Setup, Team);

    /// <summary>Trains the network that was made ready.</summary>
    /// <inheritdoc cref="Run()"/>
    public MlpTrainingResult Run(ITrainingRun run)
    {
        MlpTrainingOptions options = Task.Options;
        bool keepsLatest = Task.Validation is null && options.EarlyStopping is null;
        var best = new BestWeights(run.Parameters, Task.HigherMetricIsBetter, options.EarlyStopping, keepsLatest, options.NumberOfEpochs);
        if (Task.InitialModel is { } initial)
        {
            run.Parameters.Restore(initial.Values);
            if (!keepsLatest && InitialMayBeBest)
            {
                Offer(initial, run, best);
            }
        }

        List<EpochReport> history = Checkpoint?.Resume(Task, run, best) ?? [];
        history.ForEach(report => run.Observe(report.MonitoredLoss));
        bool isCut = false;
        while (history.Count < options.NumberOfEpochs && !Stops() && !run.HasConverged && !run.Callbacks.IsStopped)
        {
            if (RunEpoch(run, best, history.Count) is not { } report)
            {
                isCut = true;
                break;
            }

            history.Add(report);
            run.Observe(report.MonitoredLoss);
            Decide(run, best, history);

            // Before anybody else is told, who may throw.
            Checkpoint?.Keep(run, best, history);
            Task.Progress?.Report(history[^1]);
        }

        bool isExpired = isCut && Limit.IsOver;
        if (isCut && (run.Steps == 0 || (options.ThrowOnCancellation && !isExpired)))
        {
            throw new OperationCanceledException(isExpired ? Limit.Token : Limit.Caller);
        }

        if (best.Epoch is not null)
        {
            best.Restore();
        }

        TrainingEnd end = isExpired ? TrainingEnd.TimeExpired
            : isCut ? TrainingEnd.Cancelled
            : run.Callbacks.IsStopped ? TrainingEnd.StoppedByCallback
            : Stops() ? TrainingEnd.StoppedEarly
            : run.HasConverged ? TrainingEnd.Converged
            : TrainingEnd.Completed;
        return new MlpTrainingResult
        {
            Model = run.ToModel(best.Epoch ?? 1),
            History = new TrainingHistory(history, Task.MetricName),
            BestEpoch = best.Epoch ?? 0,
            End = end,
            IsInitialModel = best.Epoch == 0,
        };

        bool Stops() => best.ShouldStop || (history.Count > 0 && options.EarlyStopping?.Rule?.Stops(history, run.WeightChange) == true);
    }

    /// <summary>Asks the callback what is to become of the last epoch of the history, and of the training.</summary>
    private void Decide(ITrainingRun run, BestWeights best, List<EpochReport> history)
    {
        if (Task.AfterEpoch is not { } callback)
        {
            return;
        }

        EpochReport report = history[^1];
        var end = new EpochEnd([.. history], () => run.ToModel(report.Epoch));
        EpochDecision decision = callback(end);
        end.Close();
        run.Callbacks = run.Callbacks.After(decision, report.Epoch, Task.Options.Optimizer);
        if (decision.KeepsModel)
        {
            best.Keep(report.Epoch);
            history[^1] = report with { IsBest = true };
        }
    }

    /// <summary>Runs epoch number <paramref name="epoch"/>, from 0, and evaluates it; null if it was cancelled on the way.</summary>
    private EpochReport? RunEpoch(ITrainingRun run, BestWeights best, int epoch)
    {
        if (run.RunEpoch(epoch, keepsUnfinished: KeepsUnfinished && best.Epoch is null) is not { } trained)
        {
            return null;
        }

        MlpTrainingOptions options = Task.Options;
        (double Loss, double Metric)? evaluated = null;
        if (Task.Validation is { } validation && (evaluated = run.Evaluate(validation, epoch)) is null)
        {
            return null;
        }

        if (options.Metric is { } metric && options.EarlyStopping is { Monitor: MonitoredQuantity.Metric } && double.IsNaN(evaluated?.Metric ?? 0))
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The metric '{metric.Name}' of the validation rows is not a number after epoch {epoch + 1}, so the epoch cannot be compared with others."));
        }

        var report = new EpochReport
        {
            Epoch = epoch + 1,
            NumberOfEpochs = Task.Options.NumberOfEpochs,
            TrainingLoss = trained.Loss,
            TrainingMetric = trained.Metric,
            ValidationLoss = evaluated?.Loss,
            ValidationMetric = evaluated?.Metric,
            LearningRate = run.LearningRate,
            GradientNorm = run.GradientNorm,
            Elapsed = (Checkpoint?.Elapsed ?? TimeSpan.Zero) + Clock.Elapsed,
            IsBest = false,
            MetricName = Task.MetricName,
            Member = Member,
            Members = Members,
            RunningLoss = run.RunningLoss,
            Penalty = run.Penalty,
        };
        return report with { IsBest = best.Offer(report.Epoch, report.MonitoredLoss, report.ValidationMetric) };
    }

    /// <summary>Lets the model that the training continues from take part in the choice, as epoch 0, if its loss is one to compare with.</summary>
    private void Offer(MlpModel initial, ITrainingRun run, BestWeights best)
    {
        (double loss, double? metric) = run.EvaluateStart(Preparing);

        // That may have moved statistics of batch normalization.
        run.Parameters.Restore(initial.Values);
        if (double.IsFinite(loss))
        {
            best.Offer(0, loss, metric);
        }
    }
}
