namespace MlNetMlp.Search;

/// <summary>A trial while its training runs take place. Its result is that of running them one after the other until one fails.</summary>
internal sealed class TrialRun<TOptions>
    where TOptions : MlpTrainerOptions
{
    private readonly SearchPoint<TOptions> _point;
    private readonly (FoldScore? Score, Exception? Error)[] _ends;

    /// <param name="number">The number of the trial, from 1.</param>
    /// <param name="point">The point.</param>
    /// <param name="baseline">The options that the point changes.</param>
    /// <param name="seed">The seed of options without one.</param>
    /// <param name="folds">The number of training runs.</param>
    public TrialRun(int number, SearchPoint<TOptions> point, TOptions baseline, int seed, int folds)
    {
        (Number, _point, _ends) = (number, point, new (FoldScore?, Exception?)[folds]);
        try
        {
            TOptions options = point.Apply(baseline) ?? throw new InvalidOperationException("A dimension of the search space returned no options.");
            Options = options with { Seed = options.Seed ?? seed };
        }
        catch (Exception exception)
        {
            _ends[0] = (null, exception);
        }
    }

    /// <summary>The number of the trial, from 1.</summary>
    public int Number { get; }

    /// <summary>The options; null: the point has none, and the trial has failed.</summary>
    public TOptions? Options { get; }

    /// <summary>The values of the point.</summary>
    public IReadOnlyList<SearchValue> Values => _point.Values;

    /// <summary>Whether the training runs that count have ended.</summary>
    public bool IsOver => Array.TrueForAll(_ends[..Math.Min(FirstFailure + 1, _ends.Length)], end => end.Score is not null || end.Error is not null);

    private int FirstFailure => Array.FindIndex(_ends, end => end.Error is not null) is >= 0 and int fold ? fold : _ends.Length;

    /// <summary>Whether a training run need not take place, because it or one before it has failed.</summary>
    public bool HasFailedBefore(int fold) => FirstFailure <= fold;

    public void End(int fold, FoldScore? score, Exception? error) => _ends[fold] = (score, error);

    /// <summary>Fails in the first training run that has no score, for a reason that is known from an earlier search.</summary>
    public void Fail(Exception error)
    {
        int fold = Array.FindIndex(_ends, end => end.Score is null);
        if (fold >= 0)
        {
            _ends[fold] = (null, _ends[fold].Error ?? error);
        }
    }

    public SearchTrial<TOptions> Result(string metricName)
    {
        int failure = FirstFailure;
        return new SearchTrial<TOptions>(
            Number, _point.Values, Options, metricName, [.. _ends.Take(failure).Select(end => end.Score!)],
            failure < _ends.Length ? _ends[failure].Error : null);
    }
}
