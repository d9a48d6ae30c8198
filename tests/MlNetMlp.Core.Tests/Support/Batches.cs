namespace MlNetMlp.Core.Tests;

/// <summary>Batches of rows for tests.</summary>
internal static class Batches
{
    /// <summary>Rows of a source; all of them if no numbers are given.</summary>
    public static RowBatch Read(this IRowSource source, params int[] numbers)
    {
        var batch = new RowBatch(source);
        source.Gather(numbers.Length > 0 ? numbers : [.. Enumerable.Range(0, source.Count)], batch);
        return batch;
    }

    /// <summary>Rows [rows, <paramref name="features"/>] whose targets are 0.</summary>
    public static RowBatch Of(ReadOnlySpan<float> rows, int features)
    {
        var batch = new RowBatch(features, 1);
        for (int first = 0; first < rows.Length; first += features)
        {
            batch.Add(rows.Slice(first, features), [0]);
        }

        return batch;
    }

    /// <summary>As many rows as there are <paramref name="weights"/>.</summary>
    public static RowBatch Of(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        int rows = weights.Length, inputs = features.Length / rows, outputs = targets.Length / rows;
        var batch = new RowBatch(inputs, outputs);
        for (int i = 0; i < rows; i++)
        {
            batch.Add(features.Slice(i * inputs, inputs), targets.Slice(i * outputs, outputs), weights[i]);
        }

        return batch;
    }
}
