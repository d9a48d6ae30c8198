using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Made-up sparse rows, and the same rows dense: a few features of each are not zero, and the targets are a rule of which.</summary>
internal static class SparseData
{
    /// <param name="loss">Says what targets are.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="features">The number of features of a row.</param>
    /// <param name="density">The probability that a feature is not zero.</param>
    /// <param name="outputs">Classes or values.</param>
    /// <param name="seed">Another seed, other rows.</param>
    /// <param name="alter">Changes the values of a row; those that become zero are none.</param>
    public static (SparseRows Sparse, InMemoryRows Dense) For(
        Loss loss, int count, int features = 40, float density = 0.1f, int outputs = 3, int seed = 1, Action<int, float[]>? alter = null)
    {
        var sparse = new SparseRows(features, loss.TargetCount(outputs));
        var dense = new InMemoryRows(features, loss.TargetCount(outputs));
        for (int i = 0; i < count; i++)
        {
            SeededRandom random = new SeededRandom(seed).At(i);
            float[] x = [.. Enumerable.Range(0, features).Select(j => random.At(0).Single(j) < density ? 1 + random.At(1).Normal(j) : 0)];
            float sum = x.Select((value, j) => j % 3 == 0 ? value : -value / 2).Sum();
            float[] y = loss switch
            {
                MulticlassLoss => [sum < -0.3f ? 0 : sum < 0.3f ? 1 : outputs - 1],
                BinaryLoss => [sum > 0 ? 1 : 0],
                _ => [.. Enumerable.Range(1, outputs).Select(k => sum * k + 10)],
            };
            alter?.Invoke(i, x);
            Add(sparse, x, y, 1 + i % 3);
            dense.Add(x, y, 1 + i % 3);
        }

        return (sparse, dense);
    }

    public static void Add(SparseRows rows, float[] x, float[] y, float weight = 1)
    {
        int[] indices = [.. Enumerable.Range(0, x.Length).Where(j => x[j] != 0)];
        rows.Add(indices, [.. indices.Select(j => x[j])], y, weight);
    }
}
