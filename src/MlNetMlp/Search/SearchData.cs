using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>The rows of a search: for each fold those to learn from and those to measure on, and all of them for the model at the end.</summary>
/// <remarks>
/// The source is read once and cached. Without preprocessing the folds are looks at that one cache; with it each fold has caches of what the
/// transforms, fitted on its own training rows, make of its rows.
/// </remarks>
internal sealed class SearchData
{
    // An environment of its own, so that a cache of thousands of rows says nothing in the log of the user.
    private readonly MLContext _caches = new();
    private readonly IDataView _source;
    private readonly SearchOptions _options;
    private readonly MlpTrainerOptions _baseline;
    private readonly MlpTask _task;
    private readonly CancellationToken _cancellation;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There are too few rows for the folds.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SearchData(
        IDataView trainData, MlpTask task, MlpTrainerOptions baseline, SearchValidation validation, SearchOptions options, int seed,
            CancellationToken cancellationToken)
    {
        (_task, _baseline, _options, _cancellation) = (task, baseline, options, cancellationToken);
        _source = Cache(trainData);
        Preprocessing = options.Preprocessing?.Fit(_source);
        All = Apply(Preprocessing, _source);
        var columns = new TrainerColumns(baseline, task);
        columns.Check(All.Schema, nameof(trainData));
        cancellationToken.ThrowIfCancellationRequested();
        Folds = validation is ValidationSet { Rows: var rows }
            ? [new(Cache(Preprocessing, _source), Cache(Apply(Preprocessing, rows)))]
            : Deal(validation, columns, seed, cancellationToken);
    }

    /// <summary>For each fold the rows to learn from and the rows to measure on.</summary>
    public IReadOnlyList<FoldViews> Folds { get; }

    /// <summary>All training rows, behind the preprocessing.</summary>
    public IDataView All { get; }

    /// <summary>The preprocessing, fitted on all training rows; null if there is none.</summary>
    public ITransformer? Preprocessing { get; }

    /// <summary>A transformer on rows for training: those of its members that are left out when scoring take part.</summary>
    private static IDataView Apply(ITransformer? transformer, IDataView rows) => transformer switch
    {
        null => rows,
        IEnumerable<ITransformer> chain => chain.Aggregate(rows, (view, member) => Apply(member, view)),
        _ => transformer.Transform(rows),
    };

    private List<FoldViews> Deal(SearchValidation validation, TrainerColumns columns, int seed, CancellationToken cancellationToken)
    {
        (int count, List<int>? classes, RowRoles roles) = ReadClasses(columns, cancellationToken);
        int[] folds = RowFolds.Deal(validation, count, classes, seed, roles);
        if (_task == MlpTask.Binary)
        {
            CheckBothClasses(validation, folds, classes!);
        }

        var result = new List<FoldViews>();
        for (int fold = 0; fold < validation.TrainingsPerTrial; fold++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IDataView training = new FoldRows(_source, folds, fold, inside: false), test = new FoldRows(_source, folds, fold, inside: true);
            ITransformer? fitted = _options.Preprocessing?.Fit(training);
            result.Add(new(Cache(fitted, training), Cache(fitted, test)));
        }

        return result;
    }

    private IDataView Cache(ITransformer? transformer, IDataView rows) => transformer is null ? rows : Cache(Apply(transformer, rows));

    /// <summary>Not the other way round: what fills a cache, on a thread of its own, is better left alone.</summary>
    private CancellableRows Cache(IDataView rows) => new(_caches.Data.Cache(rows), _cancellation);

    /// <summary>
    /// The number of rows and, where labels are classes, the class of each, -1 for a missing one; and what columns say of which rows belong together.
    /// </summary>
    private (int Count, List<int>? Classes, RowRoles Roles) ReadClasses(TrainerColumns columns, CancellationToken cancellationToken)
    {
        DataViewSchema.Column column = columns.Label(All.Schema);
        using DataViewRowCursor cursor = All.GetRowCursor([column, .. RowRoles.Columns(All.Schema, _baseline)]);
        var roles = new RowRoles(cursor, _baseline);
        List<int>? classes = _task.HasClasses ? [] : null;
        LabelReader? label = _task.HasClasses ? _task.CreateLabelReader(cursor, column) : null;
        float[] value = [0];
        int count = 0;
        for (; cursor.MoveNext(); count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            label?.Read(value);
            classes?.Add(float.IsNaN(value[0]) ? -1 : (int)value[0]);
            roles.Add(count, "training");
        }

        return (count, classes, roles);
    }

    /// <summary>ML.NET's metrics of two classes are not defined on rows of one.</summary>
    private void CheckBothClasses(SearchValidation validation, int[] folds, List<int> classes)
    {
        for (int fold = 0; fold < validation.TrainingsPerTrial; fold++)
        {
            if (Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold).Select(row => classes[row]).Distinct().Count() < 2)
            {
                throw new InvalidOperationException(
                    $"{validation} leaves rows of one class only to measure on; the column '{_baseline.LabelColumnName}' has " +
                    $"{classes.Count(c => c == 1)} positive " +
                    $"and {classes.Count(c => c == 0)} negative rows. Use fewer folds, a larger fraction, or a {nameof(ValidationSet)}.");
            }
        }
    }
}
