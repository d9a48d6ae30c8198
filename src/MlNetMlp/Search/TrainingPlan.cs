namespace MlNetMlp.Search;

/// <summary>What a search is going to train, as far as it is known before.</summary>
/// <param name="Task">The task.</param>
/// <param name="Metric">The name of the metric; null: it is one of the user's own.</param>
/// <param name="MetricText">The metric in words.</param>
/// <param name="Options">
/// The options of all training runs, one for each trial, as far as they are known; without those of trials that have failed already. Where they depend on
/// results, there are others of the same space in their place, with the same choices.
/// </param>
/// <param name="Folds">The number of training runs of each trial.</param>
internal sealed record TrainingPlan(MlpTask Task, string? Metric, string MetricText, IReadOnlyList<MlpTrainerOptions> Options, int Folds);
