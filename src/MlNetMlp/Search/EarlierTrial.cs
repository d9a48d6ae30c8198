namespace MlNetMlp.Search;

/// <summary>A trial as those behind it see it.</summary>
/// <param name="Values">Its point.</param>
/// <param name="Loss">The mean of the metric, with the sign that makes less of it better; null: it has failed, or its result is not to be known.</param>
internal readonly record struct EarlierTrial(IReadOnlyList<SearchValue> Values, double? Loss);
