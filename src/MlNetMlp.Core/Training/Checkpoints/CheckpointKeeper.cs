namespace MlNetMlp;

/// <summary>Joins one training with its checkpoint: what was saved is put back before the first epoch, and saved again as the epochs go by.</summary>
internal sealed class CheckpointKeeper
{
    private readonly CheckpointFile _file;
    private readonly TrainingFingerprint _fingerprint;
    private readonly int _everyEpochs;
    private CheckpointContent? _saved;

    private CheckpointKeeper(CheckpointFile file, TrainingFingerprint fingerprint, CheckpointContent? saved, int everyEpochs)
    {
        _file = file;
        _fingerprint = fingerprint;
        _saved = saved;
        _everyEpochs = everyEpochs;
    }

    /// <summary>Looks for a checkpoint and refuses what cannot be continued or written, before any work is done; null if the options ask for none.</summary>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to another training.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static CheckpointKeeper? Open(
        MlpArchitecture architecture, Loss loss, IRowSource training, IRowSource? validation, MlpTrainingOptions options, MlpModel? initialModel)
    {
        if (options.Checkpoint is not { } checkpoint)
        {
            return null;
        }

        var file = new CheckpointFile(checkpoint.Path);
        file.Probe();
        CheckpointContent? saved = file.Load();
        TrainingFingerprint fingerprint = TrainingFingerprint.Of(architecture, loss, training, validation, options, initialModel);
        if (saved is not null && fingerprint.DifferencesFrom(saved.Fingerprint) is { Count: > 0 } differences)
        {
            throw new CheckpointMismatchException(file.FullPath, differences);
        }

        return new CheckpointKeeper(file, fingerprint, saved, checkpoint.EveryEpochs);
    }

    /// <summary>Puts back what was saved, all or nothing, and returns the reports of the epochs that were run; none if there was no checkpoint.</summary>
    /// <exception cref="InvalidDataException">The content does not fit the training, although its settings do.</exception>
    public List<EpochReport> Resume(TrainingRun run, BestWeights best)
    {
        if (_saved is not { } saved)
        {
            return [];
        }

        OptimizerState[] buffers = Buffers(run, best);
        if (!buffers.Select(buffer => (buffer.Name, buffer.Values.Length)).SequenceEqual(saved.Buffers.Select(buffer => (buffer.Name, buffer.Values.Length))))
        {
            throw new InvalidDataException($"The checkpoint is damaged: its buffers are not those of the training. The file is '{_file.FullPath}'; delete it to start anew.");
        }

        foreach ((OptimizerState from, OptimizerState to) in saved.Buffers.Zip(buffers))
        {
            from.Values.Span.CopyTo(to.Values.Span);
        }

        run.ContinueFrom(saved.Steps);
        best.Replay(saved.History);
        _saved = null;
        return [.. saved.History];
    }

    /// <summary>Saves the state after an epoch, if it is one of those that are to be saved.</summary>
    /// <exception cref="IOException">The file cannot be written; what was saved before stays.</exception>
    public void Keep(TrainingRun run, BestWeights best, IReadOnlyList<EpochReport> history)
    {
        if (history.Count % _everyEpochs == 0)
        {
            _file.Save(new CheckpointContent(_fingerprint, history, run.Steps, Buffers(run, best)));
        }
    }

    /// <summary>Deletes the file of a training that came to its end.</summary>
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

    private static OptimizerState[] Buffers(TrainingRun run, BestWeights best) => [.. run.State, best.State];
}
