using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Search;

namespace Microsoft.ML;

/// <summary>Searches for good options of the multilayer perceptrons, in the catalogs of the tasks of an <see cref="MLContext"/>.</summary>
/// <remarks>
/// A search costs trials x training runs per trial, and one more training for the model. Its rows are read once and kept in memory, those of every
/// fold once more if there is preprocessing. The same seed, data and options give the same trials and model, bit for bit, on any number of threads.
/// </remarks>
/// <example>
/// <code>
/// using MlNetMlp.Search;
///
/// var space = new SearchSpace&lt;MlpMulticlassTrainer.Options&gt;(new MlpMulticlassTrainer.Options())
///     .Number("rate", 1e-3f, 3e-2f, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = Schedule.Cosine(rate) })
///     .Choice("effort", [Effort.Fast, Effort.Balanced], (options, effort) => options with { Effort = effort });
/// var search = mlContext.MulticlassClassification.SearchMlp(trainData, space, new RandomSearch(trials: 20), new CrossValidation(folds: 5));
/// Console.WriteLine(search);
/// ITransformer model = search.Model;
/// </code>
/// </example>
public static class MlpSearchCatalog
{
    /// <summary>Searches for the options of a classifier of two classes.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="trainData">The training rows, in front of <see cref="SearchOptions.Preprocessing"/>; read once.</param>
    /// <param name="space">What is searched.</param>
    /// <param name="strategy">
    /// Which points are tried, and how far: <see cref="RandomSearch"/>, <see cref="GridSearch"/>, <see cref="TreeParzenSearch"/>,
    /// <see cref="SuccessiveHalvingSearch"/> or <see cref="MedianPruningSearch"/>.
    /// </param>
    /// <param name="validation">On which rows they are evaluated: <see cref="HeldOut"/>, <see cref="CrossValidation"/> or <see cref="ValidationSet"/>.</param>
    /// <param name="metric">The metric, as computed by ML.NET's <c>Evaluate</c>, without example weights. Null: <see cref="BinaryMetric.LogLoss"/>.</param>
    /// <param name="options">Preprocessing, seed, parallelism, progress, cancellation. Null: the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The grid has more trials than it may have.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There are too few rows, or all trials failed; the inner exception is the first trial's.</exception>
    /// <exception cref="InvalidDataException">The file of <see cref="SearchOptions.TablePath"/> is damaged, or the table of another search.</exception>
    /// <exception cref="OperationCanceledException">See <see cref="SearchOptions.ThrowOnCancellation"/>.</exception>
    public static SearchResult<MlpBinaryTrainer.Options> SearchMlp(
        this BinaryClassificationCatalog catalog,
        IDataView trainData,
        SearchSpace<MlpBinaryTrainer.Options> space,
        SearchStrategy strategy,
        SearchValidation validation,
        SearchMetric<CalibratedBinaryClassificationMetrics>? metric = null,
        SearchOptions? options = null) =>
        Search(catalog, SearchTasks.Binary, trainData, space, strategy, validation, metric ?? BinaryMetric.LogLoss, options);

    /// <summary>Searches for the options of a classifier of any number of classes.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="trainData">The training rows, in front of <see cref="SearchOptions.Preprocessing"/>; read once.</param>
    /// <param name="space">What is searched.</param>
    /// <param name="strategy">
    /// Which points are tried, and how far: <see cref="RandomSearch"/>, <see cref="GridSearch"/>, <see cref="TreeParzenSearch"/>,
    /// <see cref="SuccessiveHalvingSearch"/> or <see cref="MedianPruningSearch"/>.
    /// </param>
    /// <param name="validation">On which rows they are evaluated: <see cref="HeldOut"/>, <see cref="CrossValidation"/> or <see cref="ValidationSet"/>.</param>
    /// <param name="metric">The metric, as computed by ML.NET's <c>Evaluate</c>, without example weights. Null: <see cref="MulticlassMetric.LogLoss"/>.</param>
    /// <param name="options">Preprocessing, seed, parallelism, progress, cancellation. Null: the defaults.</param>
    /// <inheritdoc cref="SearchMlp(BinaryClassificationCatalog, IDataView, SearchSpace{MlpBinaryTrainer.Options}, SearchStrategy,
    /// SearchValidation, SearchMetric{CalibratedBinaryClassificationMetrics}?, SearchOptions?)" path="/exception"/>
    public static SearchResult<MlpMulticlassTrainer.Options> SearchMlp(
        this MulticlassClassificationCatalog catalog,
        IDataView trainData,
        SearchSpace<MlpMulticlassTrainer.Options> space,
        SearchStrategy strategy,
        SearchValidation validation,
        SearchMetric<MulticlassClassificationMetrics>? metric = null,
        SearchOptions? options = null) =>
        Search(catalog, SearchTasks.Multiclass, trainData, space, strategy, validation, metric ?? MulticlassMetric.LogLoss, options);

    /// <summary>Searches for the options of a regression.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Regression</c>.</param>
    /// <param name="trainData">The training rows, in front of <see cref="SearchOptions.Preprocessing"/>; read once.</param>
    /// <param name="space">What is searched.</param>
    /// <param name="strategy">
    /// Which points are tried, and how far: <see cref="RandomSearch"/>, <see cref="GridSearch"/>, <see cref="TreeParzenSearch"/>,
    /// <see cref="SuccessiveHalvingSearch"/> or <see cref="MedianPruningSearch"/>.
    /// </param>
    /// <param name="validation">On which rows they are evaluated: <see cref="HeldOut"/>, <see cref="CrossValidation"/> or <see cref="ValidationSet"/>.</param>
    /// <param name="metric">
    /// The metric, as computed by ML.NET's <c>Evaluate</c>, without example weights. Null:
    /// <see cref="RegressionMetric.RootMeanSquaredError"/>.
    /// </param>
    /// <param name="options">Preprocessing, seed, parallelism, progress, cancellation. Null: the defaults.</param>
    /// <inheritdoc cref="SearchMlp(BinaryClassificationCatalog, IDataView, SearchSpace{MlpBinaryTrainer.Options}, SearchStrategy,
    /// SearchValidation, SearchMetric{CalibratedBinaryClassificationMetrics}?, SearchOptions?)" path="/exception"/>
    public static SearchResult<MlpRegressionTrainer.Options> SearchMlp(
        this RegressionCatalog catalog,
        IDataView trainData,
        SearchSpace<MlpRegressionTrainer.Options> space,
        SearchStrategy strategy,
        SearchValidation validation,
        SearchMetric<RegressionMetrics>? metric = null,
        SearchOptions? options = null) =>
        Search(catalog, SearchTasks.Regression, trainData, space, strategy, validation, metric ?? RegressionMetric.RootMeanSquaredError, options);

    private static SearchResult<TOptions> Search<TOptions, TMetrics>(
        TrainCatalogBase catalog,
        SearchTask<TOptions, TMetrics> task,
        IDataView trainData,
        SearchSpace<TOptions> space,
        SearchStrategy strategy,
        SearchValidation validation,
        SearchMetric<TMetrics> metric,
        SearchOptions? options)
        where TOptions : MlpTrainerOptions
        where TMetrics : class
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(validation);
        var sequence = new SearchSequence<TOptions, TMetrics>(Hosting.EnvironmentOf(catalog), task, options ?? new SearchOptions());
        return sequence.Run(trainData, space, strategy, validation, metric);
    }
}
