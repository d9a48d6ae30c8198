using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>The trials of a search, the best of them, and the final model.</summary>
/// <typeparam name="TOptions">The options of the trainer.</typeparam>
public sealed class SearchResult<TOptions>
    where TOptions : MlpTrainerOptions
{
    private readonly ITransformer? _model;
    private readonly SearchTable _table;
    private readonly SearchPicture _picture;
    private readonly ParallelPicture _parallel;

    internal SearchResult(SearchOutcome<TOptions> outcome, ITransformer? model)
    {
        _model = model;
        Trials = outcome.Trials;
        Best = outcome.Best;
        IsCancelled = outcome.IsCancelled;
        _table = new SearchTable(outcome.Names, outcome.MetricName, outcome.Goal, outcome.Best.Folds.Count, outcome.Prunes, outcome.Trials);
        Importance = outcome.Names.Select(name => (Name: name, Share: SearchImportance.Of(outcome.Trials, name)))
            .Where(pair => pair.Share is not null).ToDictionary(pair => pair.Name, pair => pair.Share!.Value, StringComparer.Ordinal);
        _picture = new SearchPicture(outcome.Names, Importance, outcome.MetricName, outcome.Goal, outcome.Trials);
        _parallel = new ParallelPicture(outcome.Names, outcome.MetricName, outcome.Goal, outcome.Trials);
    }

    /// <summary>The trials that ended, by number, including failed ones.</summary>
    public IReadOnlyList<SearchTrial<TOptions>> Trials { get; }

    /// <summary>The trial with the best mean of the metric; the first of them in a tie.</summary>
    /// <remarks>It is the best of many on the held-out rows, so its metric is optimistic: evaluate <see cref="Model"/> on separate rows.</remarks>
    public SearchTrial<TOptions> Best { get; }

    /// <summary>Whether the search was cancelled before all trials, and the model, were complete.</summary>
    public bool IsCancelled { get; }

    /// <summary>Whether there is a <see cref="Model"/>.</summary>
    public bool HasModel => _model is not null;

    /// <summary>
    /// The options of the best trial, trained on all training rows, between <see cref="SearchOptions.Preprocessing"/> and
    /// <see cref="SearchOptions.Postprocessing"/>, fitted on all of them too; a <see cref="MlpPredictionTransformer"/> if there are neither. The rows
    /// of a <see cref="ValidationSet"/> stay out of it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The search was cancelled, or <see cref="SearchOptions.Refit"/> is off.</exception>
    public ITransformer Model => _model ?? throw new InvalidOperationException(IsCancelled
        ? "The search was cancelled before it had a model; the options of the best trial are in Best.Options."
        : $"The search has no model because {nameof(SearchOptions)}.{nameof(SearchOptions.Refit)} is off; the options of the best trial are in Best.Options.");

    /// <summary>
    /// How much each option matters: the share, in [0, 1], of the variance of the metric over the trials that it explains by itself, without what it does
    /// together with others. Options of which there are too few trials are missing.
    /// </summary>
    /// <remarks>
    /// Epsilon squared (Kelley 1935) of the metric in groups of trials with the same choice, or with numbers near each other. With few trials it is rough: the
    /// shares of some dozens may be off by a tenth.
    /// </remarks>
    public IReadOnlyDictionary<string, double> Importance { get; }

    /// <summary>
    /// A picture of the trials, for any browser: for each option its values and the metric, the best trial marked, those that were pruned hollow, and what
    /// the option explains.
    /// </summary>
    public string ToSvg() => _picture.ToSvg();

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file, for example <c>search.svg</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSvg(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, ToSvg());
    }

    /// <summary>
    /// A picture of the trials in parallel coordinates, for any browser: an axis for each option and one for the metric, a line for each trial, the best
    /// quarter of them and the best one marked, those that were pruned dashed.
    /// </summary>
    public string ParallelCoordinatesToSvg() => _parallel.ToSvg();

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file, for example <c>coordinates.svg</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveParallelCoordinates(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, ParallelCoordinatesToSvg());
    }

    /// <summary>The table of <see cref="ToString"/>, cell by cell, behind its headings.</summary>
    internal string[][] ToRows() => _table.ToRows();

    /// <summary>All trials as a table, the best one first, failed ones last.</summary>
    public override string ToString() => _table.ToText();

    /// <summary>
    /// Writes all trials, by their number, as comma-separated values: <c>trial</c>, the dimensions, the metric's mean, standard deviation and value in
    /// each fold, <c>epochs</c>, <c>seconds</c> and <c>error</c>, and the epochs, best epoch and seconds of each fold (with
    /// pruning also its losses); numbers with all their digits and a
    /// decimal point. <see cref="SearchOptions.TablePath"/> goes on from such a table.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced as a whole, or stays as it is.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, string.Concat(_table.ToCsv().Select(line => line + Environment.NewLine)));
    }
}
