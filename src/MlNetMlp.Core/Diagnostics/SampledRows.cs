namespace MlNetMlp.Diagnostics;

/// <summary>Copies of some rows of a source, whose numbers in it messages name.</summary>
/// <param name="copies">The copies.</param>
/// <param name="source">Where they are from.</param>
/// <param name="numbers">Their numbers there.</param>
internal sealed class SampledRows(InMemoryRows copies, IRowSource source, int[] numbers) : IDerivedRows
{
    public InMemoryRows Copies => copies;

    public int Count => copies.Count;

    public int FeatureCount => copies.FeatureCount;

    public int TargetCount => copies.TargetCount;

    public bool CanGatherConcurrently => copies.CanGatherConcurrently;

    public (IRowSource Source, int Row) OriginOf(int row) => (source, numbers[row]);

    public void Gather(ReadOnlySpan<int> rows, RowBatch batch) => copies.Gather(rows, batch);
}
