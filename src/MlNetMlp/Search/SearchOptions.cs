using Microsoft.ML;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>How a search runs. Immutable; an invalid value is refused where it is set.</summary>
public sealed record SearchOptions : ISettings
{
    /// <summary>
    /// The transforms in front of the trainer, for example one-hot encoding, concatenation and a key for the label. They are fitted for each
    /// fold on its training rows alone, so that nothing of the held-out rows leaks into a trial, and once on all rows for
    /// <see cref="SearchResult{TOptions}.Model"/>. They must keep every row. Default null: the rows have label and features already.
    /// </summary>
    public IEstimator<ITransformer>? Preprocessing { get; init; }

    /// <summary>
    /// Transforms behind the trainer in <see cref="SearchResult{TOptions}.Model"/>, for example <c>MapKeyToValue("PredictedLabel")</c>.
    /// Default null: none.
    /// </summary>
    public IEstimator<ITransformer>? Postprocessing { get; init; }

    /// <summary>
    /// The seed of folds and random points, and of all training runs whose options have no seed of their own. Default null: the seed
    /// of the baseline's options, or else drawn from the <c>MLContext</c>.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Where the training runs take place. Default null: on threads of this process. <see cref="Refit"/> and all preprocessing take place here in any
    /// case.
    /// </summary>
    public TrainingRunner? Runner { get; init; }

    /// <summary>
    /// The number of training runs at the same time, at least 1; beyond 1 each has one thread, whatever its options say. Default null:
    /// one for each processor, or with a <see cref="Runner"/> as many as that takes. Nothing but the time depends on it; each training run has a
    /// copy of its rows in memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Parallelism
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Parallelism), value,
                FormattableString.Invariant($"{nameof(Parallelism)} is {value}; it must be at least 1, or null."));
    }

    /// <summary>
    /// Whether the best options are trained once more on all training rows, which makes <see cref="SearchResult{TOptions}.Model"/>. Default
    /// true. Rows for early stopping are set aside again as those options say, so that the number of epochs follows the greater number of rows.
    /// </summary>
    public bool Refit { get; init; } = true;

    /// <summary>Receives every trial that ends, one at a time, in the order in which they end. Default null: none.</summary>
    public IProgress<SearchTrial>? Progress { get; init; }

    /// <summary>
    /// A file with the table of trials, as <see cref="SearchResult{TOptions}.SaveCsv"/> writes it, that is read at the beginning if it exists and written
    /// whenever a trial has ended: a search that was cancelled or killed goes on where it was, and one with more trials goes on from one with fewer.
    /// Default null: none.
    /// </summary>
    /// <remarks>
    /// The trials in it are not trained again, failed ones neither; a trial whose line is deleted is. Rows, validation, baseline and strategy must be the
    /// same, and <see cref="Seed"/> or the seed of the baseline set. A table with other columns or points is refused; what else may have changed is not
    /// seen.
    /// </remarks>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public string? TablePath
    {
        get;
        init => field = value is null || !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new ArgumentException($"{nameof(TablePath)} is empty; it must be the path of a file, or null.", nameof(TablePath));
    }

    /// <summary>Cancels the search. Default: never cancelled. The token of the baseline's options does the same.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Whether a cancelled search throws <see cref="OperationCanceledException"/>. Default false: it returns the trials that were complete,
    /// without a model, and throws only if none of them succeeded.
    /// </summary>
    public bool ThrowOnCancellation { get; init; }

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
