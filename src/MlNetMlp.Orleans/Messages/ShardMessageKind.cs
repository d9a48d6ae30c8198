namespace MlNetMlp.Search;

/// <summary>What one silo can have for another.</summary>
internal enum ShardMessageKind
{
    /// <summary>The numbers of its shards, and whether it wants to stop.</summary>
    Numbers,

    /// <summary>The sums of its shards for the part of the gradient that the other one adds up.</summary>
    Part,

    /// <summary>The total of the part that it has added up itself.</summary>
    Total,
}
