using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp.Search;

/// <summary>One search, step by step: rows, trials, and the model of the best.</summary>
internal sealed class SearchSequence<TOptions, TMetrics>(IHostEnvironment env, SearchTask<TOptions, TMetrics> task, SearchOptions options)
    where TOptions : MlpTrainerOptions
    where TMetrics : class
{
    public SearchResult<TOptions> Run(
        IDataView trainData, SearchSpace<TOptions> space, SearchStrategy strategy, SearchValidation validation, SearchMetric<TMetrics> metric) =>
        HostCancellation.Run(env, token => Run(trainData, space, strategy, validation, metric, token), options.CancellationToken);

    private SearchResult<TOptions> Run(
        IDataView trainData, SearchSpace<TOptions> space, SearchStrategy strategy, SearchValidation validation, SearchMetric<TMetrics> metric,
        CancellationToken cancellationToken)
    {
        // A grid that is too large, or an option that cannot be sent, is refused before data is read.
        int trials = strategy.TrialCount(space);
        IHost host = env.Register("MlpSearch");
        int seed = options.Seed ?? space.Baseline.Seed ?? host.Rand.Next();
        using IChannel channel = host.Start("Search");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, space.Baseline.CancellationToken);
        var run = new SearchRun<TOptions>(space, strategy, seed, metric.Name, metric.Goal, validation.TrainingsPerTrial, options.TablePath);
        TrainingPlan plan = new(task.Task, task.Metrics.Contains(metric) ? metric.Name : null, metric.Name, run.Options, validation.TrainingsPerTrial);
        options.Runner?.Check(plan);
        var data = new SearchData(trainData, task.Task, space.Baseline, validation, options, seed, cancellation.Token);
        channel.Info(MessageSensitivity.None, $"Searching by the {metric}; trials: {trials}, training runs of each: {validation.TrainingsPerTrial}.");

        using TrainingSession session = options.Runner?.Start(plan, data.Folds, cancellation.Token)
            ?? new ThreadSession<TOptions, TMetrics>(new FoldTraining<TOptions, TMetrics>(task, metric), data.Folds);
        SearchOutcome<TOptions> outcome = run.Run(options, session, trial => channel.Info(MessageSensitivity.None, trial.ToString()), cancellation.Token);
        channel.Info(MessageSensitivity.None, $"The best is {outcome.Best}");
        if (outcome.IsCancelled || !options.Refit)
        {
            Complete();
            return new SearchResult<TOptions>(outcome, null);
        }

        try
        {
            ITransformer model = Refit(data, outcome.Best.Options, cancellation.Token);
            Complete();
            return new SearchResult<TOptions>(outcome, model);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && !options.ThrowOnCancellation)
        {
            return new SearchResult<TOptions>(outcome with { IsCancelled = true }, null);
        }

        // A search that is killed or cancelled while it trains the model need not do its trials again.
        void Complete()
        {
            if (run.IsComplete)
            {
                session.Complete();
            }
        }
    }

    private ITransformer Refit(SearchData data, TOptions best, CancellationToken cancellationToken)
    {
        MlpPredictionTransformer trained = task.Create(env, best with { CancellationToken = cancellationToken, ThrowOnCancellation = true }).Fit(data.All);
        var members = new List<ITransformer> { trained };
        if (data.Preprocessing is not null)
        {
            members.Insert(0, data.Preprocessing);
        }

        if (options.Postprocessing is not null)
        {
            members.Add(options.Postprocessing.Fit(trained.Transform(data.All)));
        }

        return members.Count == 1 ? trained : new TransformerChain<ITransformer>([.. members]);
    }
}
