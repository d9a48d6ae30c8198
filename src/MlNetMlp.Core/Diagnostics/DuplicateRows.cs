namespace MlNetMlp.Diagnostics;

/// <summary>How many of some rows occur more than once.</summary>
/// <param name="Count">The number of rows that were looked at.</param>
/// <param name="Repeated">The number of rows with the features and the targets of an earlier one.</param>
/// <param name="Contradicting">The number of rows with the features of an earlier one, but other targets.</param>
internal sealed record DuplicateRows(int Count, int Repeated, int Contradicting)
{
    public static DuplicateRows In(InMemoryRows rows)
    {
        var seen = new Dictionary<float[], float[]>(SameBits.Comparer);
        int repeated = 0, contradicting = 0;
        foreach ((_, RowBatch block) in rows.InBlocks(1))
        {
            float[] features = block.Features.ToArray(), targets = block.Targets.ToArray();
            if (seen.TryAdd(features, targets))
            {
                continue;
            }

            bool isSame = seen[features].AsSpan().SequenceEqual(targets);
            repeated += isSame ? 1 : 0;
            contradicting += isSame ? 0 : 1;
        }

        return new(rows.Count, repeated, contradicting);
    }
}
