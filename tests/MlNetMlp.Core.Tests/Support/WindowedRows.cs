namespace MlNetMlp.Core.Tests;

/// <summary>Rows of another source, of which only so many are said to be at hand at the same time.</summary>
/// <param name="rows">The rows.</param>
/// <param name="window">How many.</param>
/// <param name="onGather">Told of every request, by its number from 1, on the thread that makes it.</param>
internal sealed class WindowedRows(IRowSource rows, int window, Action<int>? onGather = null) : IRowSource
{
    private int _inside;

    public int Count => rows.Count;

    public int FeatureCount => rows.FeatureCount;

    public int TargetCount => rows.TargetCount;

    public bool IsSparse => rows.IsSparse;

    public int ShuffleWindow => window;

    public int Requests { get; private set; }

    /// <summary>Whether two threads ever gathered at the same time.</summary>
    public bool WasCrowded { get; private set; }

    public void Gather(ReadOnlySpan<int> numbers, RowBatch batch)
    {
        WasCrowded |= Interlocked.Increment(ref _inside) > 1;
        Requests++;
        onGather?.Invoke(Requests);
        rows.Gather(numbers, batch);
        Interlocked.Decrement(ref _inside);
    }
}
