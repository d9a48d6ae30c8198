namespace MlNetMlp.Search;

/// <summary>Runs the trials of a search, one after the other or several at a time, and finds the best.</summary>
internal sealed class SearchRun<TOptions>
    where TOptions : MlpTrainerOptions
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<string> _names;
    private readonly string _metricName;
    private readonly SearchGoal _goal;
    private readonly int _folds;
    private readonly TrialRun<TOptions>[] _trials;

    /// <param name="space">The points.</param>
    /// <param name="strategy">Which of them are tried.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    /// <param name="metricName">The name of the metric.</param>
    /// <param name="goal">Which values of it are better.</param>
    /// <param name="folds">The number of training runs of each trial.</param>
    /// <exception cref="ArgumentException">There are too many trials.</exception>
    public SearchRun(SearchSpace<TOptions> space, SearchStrategy strategy, int seed, string metricName, SearchGoal goal, int folds)
    {
        (_names, _metricName, _goal, _folds) = (space.Names, metricName, goal, folds);
        _trials = new TrialRun<TOptions>[strategy.TrialCount(space)];
        for (int i = 0; i < _trials.Length; i++)
        {
            _trials[i] = new TrialRun<TOptions>(i + 1, strategy.Point(space, i, seed), space.Baseline, seed, folds);
        }
    }

    /// <summary>The options of the training runs of every trial; without those of trials that have failed before there were any.</summary>
    public IReadOnlyList<TOptions> Options =>
        [.. _trials.Select(trial => trial.Options).OfType<TOptions>().Select(options => ForTraining(options, true, default))];

    /// <param name="options">How to run.</param>
    /// <param name="session">Where the training runs take place.</param>
    /// <param name="report">Told of every trial that ends, one at a time.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="InvalidOperationException">All trials failed.</exception>
    /// <exception cref="TrainingRunnerException">The training runs cannot take place any more.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception or no trial succeeded.</exception>
    public SearchOutcome<TOptions> Run(SearchOptions options, TrainingSession session, Action<SearchTrial>? report, CancellationToken cancellationToken)
    {
        var done = new SearchTrial<TOptions>?[_trials.Length];
        int trainings = checked(done.Length * _folds), next = -1;
        int workers = Math.Min(options.Parallelism ?? session.AtOnce, trainings);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (workers == 1)
        {
            WorkAsync().GetAwaiter().GetResult();
        }
        else
        {
            TaskCreationOptions threads = session.IsOnThreadOfCaller ? TaskCreationOptions.LongRunning : TaskCreationOptions.None;
            Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(
                WorkAsync, CancellationToken.None, threads, TaskScheduler.Default).Unwrap())).GetAwaiter().GetResult();
        }

        if (done.All(trial => trial is not null))
        {
            session.Complete();
        }

        return Outcome([.. done.OfType<SearchTrial<TOptions>>()], done.Length, options, cancellationToken);

        async Task WorkAsync()
        {
            try
            {
                for (int training; !stop.IsCancellationRequested && (training = Interlocked.Increment(ref next)) < trainings;)
                {
                    (int number, int fold) = Math.DivRem(training, _folds);
                    TrialRun<TOptions> trial = _trials[number];
                    await Train(trial, fold, session, isAlone: workers == 1, stop.Token).ConfigureAwait(false);
                    lock (_lock)
                    {
                        if (done[number] is null && trial.IsOver)
                        {
                            done[number] = trial.Result(_metricName);
                            report?.Invoke(done[number]!);
                            options.Progress?.Report(done[number]!);
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // What is complete is in the list; the caller decides.
            }
            catch
            {
                // A listener failed, or the runner: the others need not go on.
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task Train(TrialRun<TOptions> trial, int fold, TrainingSession session, bool isAlone, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (trial.HasFailedBefore(fold))
            {
                return;
            }
        }

        FoldScore? score = null;
        Exception? error = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            score = await session.Train(ForTraining(trial.Options!, isAlone, cancellationToken), fold).ConfigureAwait(false);
            error = double.IsFinite(score.Value) ? null : new InvalidOperationException(FormattableString.Invariant(
                $"The {_metricName} is {score.Value}{(_folds > 1 ? $" on fold {fold + 1}" : "")}."));
        }
        catch (Exception exception) when (exception is not TrainingRunnerException
            && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            // ML.NET may have wrapped what the rows of a cancelled search throw.
            cancellationToken.ThrowIfCancellationRequested();

            // Whatever is wrong with a point, the others may be good; the table tells.
            error = exception;
        }

        lock (_lock)
        {
            trial.End(fold, score, error);
        }
    }

    private static TOptions ForTraining(TOptions options, bool isAlone, CancellationToken cancellationToken) => options with
    {
        NumberOfThreads = isAlone ? options.NumberOfThreads : 1,
        Progress = null,
        CancellationToken = cancellationToken,
        ThrowOnCancellation = true,
    };

    private SearchOutcome<TOptions> Outcome(SearchTrial<TOptions>[] trials, int count, SearchOptions options, CancellationToken cancellationToken)
    {
        bool isCancelled = trials.Length < count;
        double sign = _goal == SearchGoal.Minimize ? 1 : -1;

        // MinBy takes the first of equals.
        SearchTrial<TOptions>? best = trials.Where(trial => trial.Error is null).MinBy(trial => sign * trial.Mean!.Value);
        if (isCancelled && (options.ThrowOnCancellation || best is null))
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return best is null
            ? throw new InvalidOperationException($"All {count} trials of the search failed. The first of them: {trials[0].Error!.Message}", trials[0].Error)
            : new SearchOutcome<TOptions>(_names, _metricName, _goal, trials, best, isCancelled);
    }
}
