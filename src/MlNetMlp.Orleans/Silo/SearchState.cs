namespace MlNetMlp.Search;

/// <summary>The results of a search as they are stored.</summary>
[GenerateSerializer, Alias("MlNetMlp.SearchState")]
internal sealed class SearchState
{
    /// <summary>A <see cref="TrainingAnswer"/> for each training run.</summary>
    [Id(0)]
    public Dictionary<string, byte[]> Answers { get; set; } = [];
}
