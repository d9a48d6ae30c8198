using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp.Search;

/// <summary>What a search needs to know of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Create">Makes a trainer.</param>
/// <param name="Metrics">The metrics that have a name of the library's own.</param>
/// <param name="Evaluate">ML.NET's metrics of scored rows with a label column; several where labels have several values.</param>
internal sealed record SearchTask<TOptions, TMetrics>(
    MlpTask Task,
    Func<IHostEnvironment, TOptions, MlpTrainerBase> Create,
    IReadOnlyList<SearchMetric<TMetrics>> Metrics,
    Func<MLContext, IDataView, string, IReadOnlyList<TMetrics>> Evaluate)
    where TOptions : MlpTrainerOptions
    where TMetrics : class;
