namespace MlNetMlp.Search;

/// <summary>The trials of a search, before there is a model.</summary>
/// <param name="Names">The labels of the dimensions.</param>
/// <param name="MetricName">The name of the metric.</param>
/// <param name="Goal">Which values of it are better.</param>
/// <param name="Prunes">Whether training runs were compared by their losses.</param>
/// <param name="Trials">The trials that came to an end, by their number.</param>
/// <param name="Best">The best of them.</param>
/// <param name="IsCancelled">Whether there would have been more.</param>
internal sealed record SearchOutcome<TOptions>(
    IReadOnlyList<string> Names,
    string MetricName,
    SearchGoal Goal,
    bool Prunes,
    IReadOnlyList<SearchTrial<TOptions>> Trials,
    SearchTrial<TOptions> Best,
    bool IsCancelled)
    where TOptions : MlpTrainerOptions;
