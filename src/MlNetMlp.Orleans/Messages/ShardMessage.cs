namespace MlNetMlp.Search;

/// <summary>What one silo has for another.</summary>
/// <param name="Sender">The place of the silo among those of the training.</param>
/// <param name="Round">The exchange, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Piece">Which piece of it, from 0.</param>
/// <param name="Content">The bytes.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.ShardMessage")]
internal sealed record ShardMessage(
    [property: Id(0)] int Sender, [property: Id(1)] long Round, [property: Id(2)] ShardMessageKind Kind, [property: Id(3)] int Piece,
    [property: Id(4)] byte[] Content);
