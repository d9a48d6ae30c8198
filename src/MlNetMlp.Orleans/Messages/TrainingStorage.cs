namespace MlNetMlp.Search;

/// <summary>The grain storage for results.</summary>
internal static class TrainingStorage
{
    public const string Name = "MlNetMlp";
}
