namespace MlNetMlp.Search;

/// <summary>How a silo has passed over the rows of a training.</summary>
/// <param name="Content">What <see cref="SetupJob.ReadAnswer"/> or <see cref="RowQuestion"/> reads; null: it failed.</param>
/// <param name="Problem">Why it failed; null: it did not.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.SetupAnswer")]
internal sealed record SetupAnswer([property: Id(0)] byte[]? Content, [property: Id(1)] string? Problem);
