namespace MlNetMlp.Search;

/// <summary>What is known of a file of rows.</summary>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Marks">Where every <see cref="RowFile.RowsPerMark"/> of them begin.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.RowFileIndex")]
internal sealed record RowFileIndex([property: Id(0)] int Rows, [property: Id(1)] long[] Marks);
