namespace MlNetMlp.TestSupport;

/// <summary>Rows that write down which of them were asked for, and tell somebody of every request.</summary>
internal sealed class ObservedRows(IRowSource rows, Action<int>? onGather = null) : IRowSource
{
    public List<int[]> Requests { get; } = [];

    public int Count => rows.Count;

    public int FeatureCount => rows.FeatureCount;

    public int TargetCount => rows.TargetCount;

    public bool IsSparse => rows.IsSparse;

    public void Gather(ReadOnlySpan<int> numbers, RowBatch batch)
    {
        Requests.Add(numbers.ToArray());
        onGather?.Invoke(Requests.Count);
        rows.Gather(numbers, batch);
    }
}
