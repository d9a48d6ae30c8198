namespace MlNetMlp.Search;

/// <summary>The passes over the rows of trainings before their first epoch, on threads of their own.</summary>
/// <param name="options">Which files may be read.</param>
internal sealed class SiloSetups(ClusterTrainingOptions options) : IDisposable
{
    /// <summary>A client that does not ask for so long is no more.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Task<SetupAnswer> Answer, CancellationTokenSource Cancellation)> _setups = new(StringComparer.Ordinal);

    /// <inheritdoc cref="IWorkerGrain.Prepare"/>
    public void Begin(string name, SetupJob job) => Begin(name, cancellationToken => job.ToAnswer(SetupOf(job, cancellationToken)));

    /// <inheritdoc cref="IWorkerGrain.Ask"/>
    public void Begin(string name, RowQuestion question) =>
        Begin(name, cancellationToken => question.Answer(FileRows.On(question.Rows, options, cancellationToken), cancellationToken));

    /// <inheritdoc cref="IWorkerGrain.Prepared"/>
    /// <exception cref="InvalidOperationException">It was not begun here.</exception>
    public async Task<SetupAnswer?> Wait(string name, TimeSpan atMost)
    {
        Task<SetupAnswer> answer;
        lock (_lock)
        {
            if (!_setups.TryGetValue(name, out (Task<SetupAnswer> Answer, CancellationTokenSource Cancellation) setup))
            {
                throw new InvalidOperationException($"The silo does not prepare {name}.");
            }

            setup.Cancellation.CancelAfter(_patience);
            answer = setup.Answer;
        }

        await ((Task)answer).WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.IsCompleted ? await answer : null;
    }

    /// <inheritdoc cref="IWorkerGrain.ForgetPrepared"/>
    public void Forget(string name)
    {
        lock (_lock)
        {
            if (_setups.Remove(name, out (Task<SetupAnswer> Answer, CancellationTokenSource Cancellation) setup))
            {
                setup.Cancellation.Cancel();
            }
        }
    }

    public void Dispose()
    {
        string[] all;
        lock (_lock)
        {
            all = [.. _setups.Keys];
        }

        Array.ForEach(all, Forget);
    }

    private void Begin(string name, Func<CancellationToken, byte[]> answer)
    {
        lock (_lock)
        {
            if (!_setups.ContainsKey(name))
            {
                var cancellation = new CancellationTokenSource(_patience);
                _setups.Add(name, (Task.Factory.StartNew(
                    () => Answer(answer, cancellation.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), cancellation));
            }
        }
    }

    private static SetupAnswer Answer(Func<CancellationToken, byte[]> answer, CancellationToken cancellationToken)
    {
        try
        {
            return new SetupAnswer(answer(cancellationToken), null);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the rows, it is the answer.
            return new SetupAnswer(null, exception.Message);
        }
    }

    private TrainingSetup SetupOf(SetupJob job, CancellationToken cancellationToken)
    {
        var task = new TrainingTask(job.Architecture, job.Loss, RowsOf(job.Rows))
        {
            Validation = job.Validation is null ? null : RowsOf(job.Validation),
            Options = job.Options with { TransferFrom = job.Continues ? null : job.KnownModel },
            InitialModel = job.Continues ? job.KnownModel : null,
            CategoricalGroups = job.Groups,
            StandardizesGivenTargets = job.StandardizesTargets,
            ClampsGivenPredictions = job.ClampsPredictions,
        };
        return TrainingSetup.Of(task, cancellationToken);

        IRowSource RowsOf(SharedRows rows)
        {
            FileRows files = FileRows.On(rows, options, cancellationToken);
            return rows.ClassFactors is { } factors ? new ClassWeightedRows(files, (ClassificationLoss)job.Loss, [.. factors]) : files;
        }
    }
}
