namespace MlNetMlp;

/// <summary>The names of the output columns, which are also the values of their annotation <see cref="AnnotationKinds.ScoreValueKind"/>.</summary>
internal static class ColumnNames
{
    public const string Score = "Score";
    public const string ScoreMean = "ScoreMean";
    public const string ScoreStandardDeviation = "ScoreStandardDeviation";
    public const string Probability = "Probability";
    public const string ProbabilityMean = "ProbabilityMean";
    public const string ProbabilityStandardDeviation = "ProbabilityStandardDeviation";
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>Names for a message, for example <c>'Label', 'Features'</c>.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Distinct(StringComparer.Ordinal).Select(name => $"'{name}'"));
}
