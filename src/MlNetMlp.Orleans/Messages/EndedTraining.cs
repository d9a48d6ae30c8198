namespace MlNetMlp.Search;

/// <summary>A training run that has ended.</summary>
/// <param name="Training">Which.</param>
/// <param name="Answer">A <see cref="TrainingAnswer"/>; null: it is not known.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.EndedTraining")]
internal sealed record EndedTraining([property: Id(0)] string Training, [property: Id(1)] byte[]? Answer);
