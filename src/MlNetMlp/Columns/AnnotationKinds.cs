namespace MlNetMlp;

/// <summary>The names by which ML.NET's evaluators and transforms look for annotations.</summary>
internal static class AnnotationKinds
{
    public const string SlotNames = "SlotNames";
    public const string CategoricalSlotRanges = "CategoricalSlotRanges";
    public const string KeyValues = "KeyValues";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string IsNormalized = "IsNormalized";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";
}
