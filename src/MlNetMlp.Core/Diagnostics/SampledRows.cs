namespace MlNetMlp.Diagnostics;

/// <summary>Copies some rows of a source.</summary>
internal static class SampledRows
{
    /// <summary>The rows with these numbers, in this order, in memory.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static InMemoryRows Copy(IRowSource source, ReadOnlySpan<int> numbers, CancellationToken cancellationToken)
    {
        var copy = new InMemoryRows(source.FeatureCount, source.TargetCount);
        float[] features = new float[source.FeatureCount], targets = new float[source.TargetCount];
        Span<float> weight = stackalloc float[1];
        foreach (int number in numbers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            source.Gather([number], features, targets, weight);
            copy.Add(features, targets, weight[0]);
        }

        return copy;
    }
}
