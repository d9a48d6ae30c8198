namespace MlNetMlp.Search;

/// <summary>Some rows that follow each other, all of one shard.</summary>
/// <param name="First">The number of the first of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Content">The name of the content that they are in.</param>
internal sealed record RowPart(int First, int Count, string Content);
