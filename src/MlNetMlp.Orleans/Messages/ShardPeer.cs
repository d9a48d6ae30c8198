namespace MlNetMlp.Search;

/// <summary>A silo of a training.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="First">The first of its shards.</param>
/// <param name="End">Behind the last of them.</param>
internal sealed record ShardPeer(string Silo, int First, int End);
