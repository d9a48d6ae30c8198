namespace MlNetMlp.Search;

/// <summary>Runs the trials of a search, one after the other or several at a time, and finds the best.</summary>
/// <param name="space">The points.</param>
/// <param name="strategy">Which of them are tried.</param>
/// <param name="seed">The seed of all random numbers.</param>
/// <param name="metricName">The name of the metric.</param>
/// <param name="goal">Which values of it are better.</param>
/// <param name="folds">The number of training runs of each trial.</param>
/// <param name="train">Trains with these options on a fold; may be called from several threads.</param>
internal sealed class SearchRun<TOptions>(
    SearchSpace<TOptions> space, SearchStrategy strategy, int seed, string metricName, SearchGoal goal, int folds, Func<TOptions, int, FoldScore> train)
    where TOptions : MlpTrainerOptions
{
    private readonly Lock _lock = new();

    /// <param name="options">How to run.</param>
    /// <param name="report">Told of every trial that ends, one at a time.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">There are too many trials.</exception>
    /// <exception cref="InvalidOperationException">All trials failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception or no trial succeeded.</exception>
    public SearchOutcome<TOptions> Run(SearchOptions options, Action<SearchTrial>? report, CancellationToken cancellationToken)
    {
        var done = new SearchTrial<TOptions>?[strategy.TrialCount(space)];
        int workers = Math.Min(options.Parallelism ?? Environment.ProcessorCount, done.Length), next = -1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (workers == 1)
        {
            Work();
        }
        else
        {
            Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(
                Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).GetAwaiter().GetResult();
        }

        return Outcome([.. done.OfType<SearchTrial<TOptions>>()], done.Length, options, cancellationToken);

        void Work()
        {
            try
            {
                for (int trial; !stop.IsCancellationRequested && (trial = Interlocked.Increment(ref next)) < done.Length;)
                {
                    SearchTrial<TOptions> result = Try(trial, isAlone: workers == 1, stop.Token);
                    lock (_lock)
                    {
                        done[trial] = result;
                        report?.Invoke(result);
                        options.Progress?.Report(result);
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // What is complete is in the list; the caller decides.
            }
            catch
            {
                // A listener failed: the others need not go on.
                stop.Cancel();
                throw;
            }
        }
    }

    private SearchTrial<TOptions> Try(int trial, bool isAlone, CancellationToken cancellationToken)
    {
        SearchPoint<TOptions> point = strategy.Point(space, trial, seed);
        var scores = new List<FoldScore>();
        TOptions? options = null;
        Exception? error = null;
        try
        {
            options = point.Apply(space.Baseline) ?? throw new InvalidOperationException("A dimension of the search space returned no options.");
            options = options with { Seed = options.Seed ?? seed };
            TOptions running = options with
            {
                NumberOfThreads = isAlone ? options.NumberOfThreads : 1,
                Progress = null,
                CancellationToken = cancellationToken,
                ThrowOnCancellation = true,
            };
            for (int fold = 0; fold < folds; fold++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                FoldScore score = train(running, fold);
                scores.Add(double.IsFinite(score.Value) ? score : throw new InvalidOperationException(FormattableString.Invariant(
                    $"The {metricName} is {score.Value}{(folds > 1 ? $" on fold {fold + 1}" : "")}.")));
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // ML.NET may have wrapped what the rows of a cancelled search throw.
            cancellationToken.ThrowIfCancellationRequested();

            // Whatever is wrong with a point, the others may be good; the table tells.
            error = exception;
        }

        return new SearchTrial<TOptions>(trial + 1, point.Values, options, metricName, scores, error);
    }

    private SearchOutcome<TOptions> Outcome(SearchTrial<TOptions>[] trials, int count, SearchOptions options, CancellationToken cancellationToken)
    {
        bool isCancelled = trials.Length < count;
        double sign = goal == SearchGoal.Minimize ? 1 : -1;

        // MinBy takes the first of equals.
        SearchTrial<TOptions>? best = trials.Where(trial => trial.Error is null).MinBy(trial => sign * trial.Mean!.Value);
        if (isCancelled && (options.ThrowOnCancellation || best is null))
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return best is null
            ? throw new InvalidOperationException($"All {count} trials of the search failed. The first of them: {trials[0].Error!.Message}", trials[0].Error)
            : new SearchOutcome<TOptions>(space.Names, metricName, goal, trials, best, isCancelled);
    }
}
