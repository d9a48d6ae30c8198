namespace MlNetMlp;

/// <summary>Trains the members of an ensemble one after the other, each with all threads; on a cluster, several at a time.</summary>
/// <param name="ensemble">Which members.</param>
/// <param name="training">The training of a single network that they are variations of.</param>
internal sealed class EnsembleTraining(Ensemble ensemble, NetworkTraining training)
{
    private readonly TrainingTask _task = training.Task;
    private readonly List<MlpTrainingResult> _members = training.Checkpoint?.Finished(training) ?? [];
    private readonly List<EpochReport> _history = [];

    /// <summary>
    /// Trains all members, but those that a checkpoint holds. Cancelled, it returns those that were completed, or else the first as far as
    /// it came; the epochs of a member that is left out stay in the history.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception or no mini-batch has been learned from yet.</exception>
    public MlpTrainingResult Run()
    {
        _history.AddRange(_members.SelectMany(member => member.History));
        int atOnce = AtOnce();
        Task<MlpTrainingResult>[]? together = atOnce > 1 ? ConcurrentMembers.Train(ensemble.Members, atOnce, Member) : null;
        TrainingEnd? cut = null;
        while (cut is null && _members.Count < ensemble.Members)
        {
            int number = _members.Count;
            cut = Take(() => together is null ? Member(number).Run() : together[number].GetAwaiter().GetResult());
        }

        TrainingEnd end = cut
            ?? ((TrainingEnd[])[TrainingEnd.StoppedEarly, TrainingEnd.StoppedByCallback]).FirstOrDefault(
                reason => _members.Exists(member => member.End == reason), TrainingEnd.Completed);
        return new MlpTrainingResult
        {
            Model = MlpModel.Average([.. _members.Select(member => member.Model)]),
            History = new TrainingHistory(_history, _task.MetricName),
            BestEpoch = 0,
            End = end,
            Members = _members,
        };
    }

    /// <summary>The result with what the members say of the rows that they did not learn from, if they are validated on these.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception.</exception>
    public MlpTrainingResult WithHeldOut(MlpTrainingResult result)
    {
        CancellationToken cancellationToken = _task.Options.ThrowOnCancellation ? training.Limit.Caller : CancellationToken.None;
        if (!ensemble.HoldsOut || result.IsCut)
        {
            return result;
        }

        int[][] heldOut = [.. _members.Select((_, number) => RowsOf(number, cancellationToken)!.HeldOut!.Numbers.ToArray())];
        (double loss, double metric, int rows) = new HeldOutScores(_task, training.Setup.Targets)
            .Evaluate(result.Model.Networks, heldOut, cancellationToken);
        return result with { HeldOutLoss = loss, HeldOutMetric = metric, HeldOutRows = rows };
    }

    /// <summary>The rows that a network was validated on.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="cancellationToken">Looked at while rows are read.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IRowSource? ValidationOf(int number, CancellationToken cancellationToken) => RowsOf(number, cancellationToken)?.HeldOut ?? _task.Validation;

    private MemberRows? RowsOf(int number, CancellationToken cancellationToken) =>
        ensemble.RowsOf(_task.Rows, _task.Loss, _task.RowGroups, _task.Options.SeedOrDefault, number, cancellationToken);

    /// <summary>The members that are trained at the same time: one, where a member needs the one before, or where something is to follow the order.</summary>
    private int AtOnce() => _task.Cluster is { } cluster && training.Checkpoint is null && _task.AfterEpoch is null && !ensemble.GoesOnFromPrevious(1)
        ? Math.Min(cluster.NetworksAtOnce(_task), ensemble.Members)
        : 1;

    /// <summary>Takes the next member. Returns what ended it on its way; null: nothing, it is whole.</summary>
    private TrainingEnd? Take(Func<MlpTrainingResult> train)
    {
        try
        {
            MlpTrainingResult result = train();
            _history.AddRange(result.History);
            if (!result.IsCut || _members.Count == 0)
            {
                _members.Add(result);
            }

            if (!result.IsCut)
            {
                training.Checkpoint?.Add(result);
            }

            return result.IsCut ? result.End : null;
        }
        catch (OperationCanceledException exception) when (_members.Count > 0 && training.Limit.HasCaused(exception))
        {
            return TrainingEnd.TimeExpired;
        }
        catch (OperationCanceledException) when (_members.Count > 0 && !_task.Options.ThrowOnCancellation
            && _task.CancellationToken.IsCancellationRequested)
        {
            // Before its first mini-batch.
            return TrainingEnd.Cancelled;
        }
    }

    /// <summary>The training of a member: with a seed of its own, and with what is special about the kind of ensemble.</summary>
    private NetworkTraining Member(int number)
    {
        int seed = Ensemble.SeedOf(_task.Options.SeedOrDefault, number);
        MemberRows? rows = RowsOf(number, training.Preparing);
        return training with
        {
            Task = _task with
            {
                Rows = rows?.Training ?? _task.Rows,
                Validation = rows?.HeldOut ?? _task.Validation,
                Options = _task.Options with
                {
                    Seed = seed,
                    NumberOfEpochs = ensemble.EpochsOf(number, _task.Options.NumberOfEpochs),
                    TransferFrom = _task.Options.TransferFrom?.Networks is { } networks ? networks[number % networks.Count] : null,
                },
                InitialModel = ensemble.InitialModelOf(number, _members.LastOrDefault()?.Model, _task.InitialModel),
            },
            Setup = rows is null ? training.Setup : training.Setup.ForMember(rows),
            Member = number + 1,
            Members = ensemble.Members,
            InitialMayBeBest = !ensemble.GoesOnFromPrevious(number),
        };
    }
}
