namespace MlNetMlp.Core.Tests;

/// <summary>Rows of another source, of which only so many are said to be at hand at the same time.</summary>
internal sealed class WindowedRows(IRowSource rows, int window) : IRowSource
{
    public int Count => rows.Count;

    public int FeatureCount => rows.FeatureCount;

    public int TargetCount => rows.TargetCount;

    public int ShuffleWindow => window;

    public void Gather(ReadOnlySpan<int> numbers, Span<float> features, Span<float> targets, Span<float> weights) =>
        rows.Gather(numbers, features, targets, weights);
}
