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
}
