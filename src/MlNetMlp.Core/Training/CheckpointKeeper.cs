namespace MlNetMlp;

/// <summary>
/// Joins one training run, of a network or an ensemble, with its checkpoint: what was saved is put back before the first epoch, and saved again as
/// the epochs go by.
/// </summary>
internal sealed class CheckpointKeeper : IDisposable
{
    private readonly CheckpointFile _file;
    private readonly TrainingFingerprint _fingerprint;
    private readonly FileStream _lock;
    private readonly int _everyEpochs;
    private readonly List<FinishedMember> _finished;
    private CheckpointContent? _saved;
    private int _finishedEpochs;

    private CheckpointKeeper(CheckpointFile file, FileStream @lock, TrainingFingerprint fingerprint, CheckpointContent? saved, int everyEpochs)
    {
        _file = file;
        _lock = @lock;
        _fingerprint = fingerprint;
        _saved = saved;
        _everyEpochs = everyEpochs;
        _finished = [.. saved?.Finished ?? []];
        _finishedEpochs = _finished.Sum(member => member.History.Count);
        Elapsed = saved?.Last.Elapsed ?? TimeSpan.Zero;
    }

    /// <summary>The time that was spent on what was saved.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Looks for a checkpoint and refuses what cannot be continued or written, before any work is done; null if the options ask for none.</summary>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to another training run.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CheckpointKeeper? Open(TrainingTask task)
    {
        if (task.Options.Checkpoint is not { } checkpoint)
        {
            return null;
        }

        var file = new CheckpointFile(checkpoint.Path);
        file.Probe();
        FileStream @lock = file.Lock();
        try
        {
            (TrainingFingerprint fingerprint, CheckpointContent? saved) = Load(file, task);
            return new CheckpointKeeper(file, @lock, fingerprint, saved, checkpoint.EveryEpochs);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What may cancel the passes over the rows before the first epoch: nothing where a checkpoint has learned already and the model of that is to be
    /// returned, for which they are needed.
    /// </summary>
    public CancellationToken Preparing(TrainingTask task) => Preparing(_saved, task);

    /// <summary>The members of an ensemble that were finished, in their order.</summary>
    /// <param name="training">What the training of each has in common.</param>
    /// <exception cref="InvalidDataException">A member does not fit the training, although its settings do.</exception>
    public List<MlpTrainingResult> Finished(NetworkTraining training) => _finished.ConvertAll(member => ToResult(member, training));

    /// <summary>Takes note of a member of an ensemble that is finished; the next epoch to be saved takes it along.</summary>
    public void Add(MlpTrainingResult member)
    {
        _finished.Add(FinishedMember.Of(member));
        _finishedEpochs += member.History.Count;
    }

    /// <summary>
    /// Puts back what was saved of the network in work, all or nothing, and returns the reports of its epochs that were run; none if there was no
    /// checkpoint, or if it was of another member.
    /// </summary>
    /// <exception cref="InvalidDataException">The content does not fit the training, although its settings do.</exception>
    public List<EpochReport> Resume(TrainingTask task, ITrainingRun run, BestWeights best)
    {
        if (_saved is not { } saved)
        {
            return [];
        }

        OptimizerState[] buffers = Buffers(run, best);
        if ((saved.Last.NumberOfEpochs != task.Options.NumberOfEpochs && !task.MayChangeLength) || !Fit(saved.Buffers, buffers))
        {
            throw Damaged(_file, "its epochs or its buffers are not those of the training");
        }

        foreach ((OptimizerState from, OptimizerState to) in saved.Buffers.Zip(buffers))
        {
            from.Values.Span[..Math.Min(from.Values.Length, to.Values.Length)].CopyTo(to.Values.Span);
        }

        run.ContinueFrom(saved.Steps, saved.Callbacks);
        best.Replay(saved.History, saved.Callbacks.Kept);
        _saved = null;
        return [.. saved.History.Select(report => report with { NumberOfEpochs = task.Options.NumberOfEpochs })];
    }

    /// <summary>Saves the state after an epoch, if it is one of those that are to be saved.</summary>
    /// <exception cref="IOException">The file cannot be written; what was saved before stays.</exception>
    public void Keep(ITrainingRun run, BestWeights best, IReadOnlyList<EpochReport> history)
    {
        if ((_finishedEpochs + history.Count) % _everyEpochs == 0)
        {
            _file.Save(new CheckpointContent(_fingerprint, _finished, history, run.Steps, Buffers(run, best)) { Callbacks = run.Callbacks });
        }
    }

    /// <summary>Deletes the file of a training run that came to its end.</summary>
    public void Discard()
    {
        try
        {
            _file.Delete();
        }
        catch (IOException)
        {
            // No reason to lose a finished model. Should the file stay, the same training once more would return that model at once, and any
            // other is told what to delete.
        }
    }

    /// <summary>Lets other trainings use the file.</summary>
    public void Dispose() => _lock.Dispose();

    private static (TrainingFingerprint Fingerprint, CheckpointContent? Saved) Load(CheckpointFile file, TrainingTask task)
    {
        CheckpointContent? saved = file.Load();
        TrainingFingerprint fingerprint = task.Fingerprint(Preparing(saved, task));
        if (saved is null)
        {
            return (fingerprint, null);
        }

        List<string> differences = fingerprint.DifferencesFrom(saved.Fingerprint, task.MayChangeLength ? nameof(MlpTrainingOptions.NumberOfEpochs) : null);
        if (saved.History.Count > task.Options.NumberOfEpochs)
        {
            differences.Add(
                $"{nameof(MlpTrainingOptions.NumberOfEpochs)} is {task.Options.NumberOfEpochs} now, and the checkpoint has run {saved.History.Count}");
        }

        if (differences.Count > 0)
        {
            throw new CheckpointMismatchException(file.FullPath, differences);
        }

        return saved.Last.Members == (task.Options.EnsembleOfNetworks?.Members ?? 1)
            ? (fingerprint, saved)
            : throw Damaged(file, "its networks are not those of the training");
    }

    /// <summary>The result of a member as it was.</summary>
    private MlpTrainingResult ToResult(FinishedMember member, NetworkTraining training)
    {
        (TrainingTask task, TrainingSetup setup) = (training.Task, training.Setup);
        try
        {
            var model = new MlpModel(task.Architecture, task.Loss, setup.Standardizer, setup.Targets, member.Values);
            return new MlpTrainingResult
            {
                Model = model,
                History = new TrainingHistory(member.History, task.MetricName),
                BestEpoch = member.BestEpoch,
                End = member.End,
                IsInitialModel = member.IsInitialModel,
            };
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw Damaged(_file, $"the parameters of network {member.History[0].Member} are not those of the training", exception);
        }
    }

    /// <summary>
    /// Whether saved buffers are those of a training. That of the running loss may have another length: it has room for all mini-batches of a short
    /// training, and one that is made longer or shorter has filled no more of it than both have.
    /// </summary>
    private static bool Fit(IReadOnlyList<OptimizerState> saved, OptimizerState[] buffers) =>
        saved.Select(buffer => buffer.Name).SequenceEqual(buffers.Select(buffer => buffer.Name))
        && saved.Zip(buffers).All(pair => pair.First.Values.Length == pair.Second.Values.Length || pair.First.Name == RunningLoss.StateName);

    private static CancellationToken Preparing(CheckpointContent? saved, TrainingTask task) =>
        saved is null || task.Options.ThrowOnCancellation ? task.CancellationToken : CancellationToken.None;

    private static InvalidDataException Damaged(CheckpointFile file, string why, Exception? cause = null) =>
        new($"The checkpoint is damaged: {why}. The file is '{file.FullPath}'; delete it to start anew.", cause);

    private static OptimizerState[] Buffers(ITrainingRun run, BestWeights best) => [.. run.State, best.State];
}
