using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>Runs the trials of a search, one after the other or several at a time, and finds the best.</summary>
internal sealed class SearchRun<TOptions>
    where TOptions : MlpTrainerOptions
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<string> _names;
    private readonly string _metricName;
    private readonly SearchGoal _goal;
    private readonly SearchSpace<TOptions> _space;
    private readonly SearchStrategy _strategy;
    private readonly int _seed;
    private readonly double _sign;
    private readonly int _folds;
    private readonly SearchFile? _file;
    private readonly TaskCompletionSource<TrialRun<TOptions>>[] _trials;
    private readonly List<TrialRun<TOptions>> _proposed = [];
    private readonly SearchTrial<TOptions>?[] _done;
    private int _known;

    /// <param name="space">The points.</param>
    /// <param name="strategy">Which of them are tried.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    /// <param name="metricName">The name of the metric.</param>
    /// <param name="goal">Which values of it are better.</param>
    /// <param name="folds">The number of training runs of each trial.</param>
    /// <param name="tablePath">The file with the table of an earlier search to go on from, and to keep; null: none.</param>
    /// <exception cref="ArgumentException">There are too many trials.</exception>
    /// <exception cref="InvalidDataException">The table is damaged, or one of another search.</exception>
    public SearchRun(
        SearchSpace<TOptions> space, SearchStrategy strategy, int seed, string metricName, SearchGoal goal, int folds, string? tablePath = null)
    {
        (_names, _metricName, _goal, _folds) = (space.Names, metricName, goal, folds);
        (_space, _strategy, _seed, _sign) = (space, strategy, seed, goal == SearchGoal.Minimize ? 1 : -1);
        _file = tablePath is null ? null : new SearchFile(tablePath, _names, metricName, folds, strategy.Prunes);
        _done = new SearchTrial<TOptions>?[strategy.TrialCount(space)];
        _trials = [.. _done.Select(_ => new TaskCompletionSource<TrialRun<TOptions>>(TaskCreationOptions.RunContinuationsAsynchronously))];
        Propose();
    }

    /// <summary>
    /// The options of the training runs of every trial; without those of trials that have failed before there were any. Where points depend on results,
    /// there are random ones in their place, and behind them every choice once.
    /// </summary>
    public IReadOnlyList<TOptions> Options
    {
        get
        {
            IEnumerable<TrialRun<TOptions>> trials = _proposed;
            if (_proposed.Count < _done.Length)
            {
                int choices = (int)BigInteger.Min(_space.GridSize(1), GridSearch.MaximumPoints);
                var random = new SearchRandom(_seed);
                trials = trials
                    .Concat(Enumerable.Range(_proposed.Count, _done.Length - _proposed.Count).Select(i => At(i, _space.Draw(random.At(i)))))
                    .Concat(Enumerable.Range(0, choices).Select(i => At(i, _space.GridPoint(i, 1))));
            }

            return [.. trials.Select(trial => trial.Options).OfType<TOptions>().Select(options => ForTraining(options, true, default))];
        }
    }

    /// <summary>Whether all trials have ended.</summary>
    public bool IsComplete => _done.All(trial => trial is not null);

    /// <param name="options">How to run.</param>
    /// <param name="session">Where the training runs take place.</param>
    /// <param name="report">Told of every trial that ends, one at a time.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="InvalidOperationException">All trials failed.</exception>
    /// <exception cref="TrainingRunnerException">The training runs cannot take place any more.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception or no trial succeeded.</exception>
    public SearchOutcome<TOptions> Run(SearchOptions options, TrainingSession session, Action<SearchTrial>? report, CancellationToken cancellationToken)
    {
        int trainings = checked(_done.Length * _folds), next = -1;
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

        return Outcome([.. _done.OfType<SearchTrial<TOptions>>()], _done.Length, options, cancellationToken);

        async Task WorkAsync()
        {
            try
            {
                for (int training; !stop.IsCancellationRequested && (training = Interlocked.Increment(ref next)) < trainings;)
                {
                    (int number, int fold) = Math.DivRem(training, _folds);
                    if (session.IsOnThreadOfCaller)
                    {
                        // A thread of its own stays it.
                        _trials[number].Task.Wait(stop.Token);
                    }

                    TrialRun<TOptions> trial = await _trials[number].Task.WaitAsync(stop.Token).ConfigureAwait(false);
                    await Train(trial, fold, session, isAlone: workers == 1, stop.Token).ConfigureAwait(false);
                    lock (_lock)
                    {
                        if (_done[number] is null && trial.IsOver)
                        {
                            _done[number] = trial.Result(_metricName);
                            _file?.Save(new SearchTable(
                                _names, _metricName, _goal, _folds, _strategy.Prunes, [.. _done.OfType<SearchTrial<TOptions>>()]));
                            report?.Invoke(_done[number]!);
                            options.Progress?.Report(_done[number]!);
                            Propose();
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

    /// <summary>Makes the trials whose points are decided, now that more may have ended.</summary>
    private void Propose()
    {
        for (int i = _proposed.Count; i < _done.Length && _strategy.KnownResults(i) <= Known(); i++)
        {
            _proposed.Add(At(i, _strategy.Point(_space, i, _seed, Earlier(_strategy.KnownResults(i)))));
            _done[i] = _file?.Find(_proposed[i]);
            _trials[i].SetResult(_proposed[i]);
        }
    }

    /// <summary>The number of first trials that have all ended.</summary>
    private int Known()
    {
        while (_known < _done.Length && _done[_known] is not null)
        {
            _known++;
        }

        return _known;
    }

    private IEnumerable<EarlierTrial> Earlier(int known) => _proposed.Select((trial, i) =>
        new EarlierTrial(trial.Values, i < known ? _sign * _done[i]!.Mean : null));

    private TrialRun<TOptions> At(int trial, SearchPoint<TOptions> point) => new(trial + 1, point, _space.Baseline, _seed, _folds);

    private async Task Train(TrialRun<TOptions> trial, int fold, TrainingSession session, bool isAlone, CancellationToken cancellationToken)
    {
        double[]? limits;
        lock (_lock)
        {
            if (trial.IsOver || trial.HasFailedBefore(fold))
            {
                return;
            }

            limits = _strategy.Prunes ? _strategy.LossLimits(Losses(_strategy.KnownResults(trial.Number - 1), fold)) : null;
        }

        FoldScore? score = null;
        Exception? error = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            score = await session.Train(ForTraining(trial.Options!, isAlone, cancellationToken), fold, limits).ConfigureAwait(false);
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

    /// <summary>The losses of the first trials on a fold, of those that did not fail before.</summary>
    private IReadOnlyList<double>[] Losses(int known, int fold) =>
        [.. _done.Take(known).Where(trial => fold < trial!.Folds.Count).Select(trial => trial!.Folds[fold].Losses)];

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

        // MinBy takes the first of equals. A model of fewer epochs than the options ask for is not what a training with these would be.
        SearchTrial<TOptions>[] good = [.. trials.Where(trial => trial.Error is null)];
        SearchTrial<TOptions>? best = good.Where(trial => !trial.IsPruned).MinBy(trial => _sign * trial.Mean!.Value)
            ?? good.MinBy(trial => _sign * trial.Mean!.Value);
        if (isCancelled && (options.ThrowOnCancellation || best is null))
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return best is null
            ? throw new InvalidOperationException($"All {count} trials of the search failed. The first of them: {trials[0].Error!.Message}", trials[0].Error)
            : new SearchOutcome<TOptions>(_names, _metricName, _goal, _strategy.Prunes, trials, best, isCancelled);
    }
}
