using MlNetMlp.Networks;

namespace MlNetMlp;

/// <summary>How often the training rows have the categories of every group, and whether they are one-hot there.</summary>
/// <param name="groups">The groups, ascending, without overlap.</param>
/// <param name="featureCount">The number of features.</param>
internal sealed class CategoryCounts(IReadOnlyList<CategoricalGroup> groups, int featureCount)
{
    private const int RowsAtOnce = 256;

    /// <summary>[features]: the rows that have 1.</summary>
    private readonly int[] _counts = new int[groups.Count > 0 ? featureCount : 0];

    private readonly bool[] _isOther = new bool[groups.Count];

    /// <summary>The groups that are one-hot in all rows so far.</summary>
    public CategoricalGroup[] OneHot => [.. groups.Where((_, g) => !_isOther[g])];

    /// <summary>Takes in the features of a row of a batch; one without weight does not count.</summary>
    public void Add(RowBatch batch, int row)
    {
        if (groups.Count == 0 || batch.Weights[row] == 0)
        {
            return;
        }

        if (batch.IsSparse)
        {
            Add(batch.SparseFeatures.Indices(row), batch.SparseFeatures.Values(row));
        }
        else
        {
            Add(batch.FeaturesOf(row));
        }
    }

    /// <summary>Takes in all rows.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void AddAll(IRowSource rows, CancellationToken cancellationToken)
    {
        if (groups.Count == 0)
        {
            return;
        }

        foreach ((_, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            for (int i = 0; i < block.Count; i++)
            {
                Add(block, i);
            }
        }
    }

    /// <summary>Sets the scaling of the features of categories as the options ask for, and makes the map.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="offset">What is subtracted from each feature.</param>
    /// <param name="scale">What is multiplied then; 0 for a rare category.</param>
    /// <param name="mean">What stands in for each feature where it is missing.</param>
    /// <returns>The map, or null where the network sees the features alone, as it does where they are whitened.</returns>
    public CategoryMap? Prepare(MlpTrainingOptions options, int rows, float[] offset, float[] scale, float[] mean)
    {
        CategoricalEmbedding? settings = options.CategoricalEmbedding;
        CategoricalGroup[] oneHot = OneHot;
        if (options.FeatureScaling.Whitens || (settings is null && !options.FeatureScaling.KeepsIndicators))
        {
            return null;
        }

        foreach (CategoricalGroup group in oneHot)
        {
            for (int j = group.First; j <= group.Last; j++)
            {
                bool isSeen = settings is null ? scale[j] != 0 : _counts[j] >= settings.MinimumFrequency;
                (offset[j], scale[j]) = (0, isSeen ? 1 : 0);
                mean[j] = settings is null ? mean[j] : 0;
            }
        }

        return CategoryMap.Of(featureCount, oneHot, settings, rows);
    }

    private void Add(ReadOnlySpan<float> features)
    {
        for (int g = 0; g < groups.Count; g++)
        {
            int found = 0;
            ReadOnlySpan<float> slots = features.Slice(groups[g].First, groups[g].Size);
            for (int j = 0; j < slots.Length; j++)
            {
                if (slots[j] != 0)
                {
                    Count(g, groups[g].First + j, slots[j], ++found);
                }
            }
        }
    }

    private void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        for (int g = 0, n = 0; g < groups.Count; g++)
        {
            int found = 0;
            for (; n < indices.Length && indices[n] <= groups[g].Last; n++)
            {
                if (indices[n] >= groups[g].First && values[n] != 0)
                {
                    Count(g, indices[n], values[n], ++found);
                }
            }
        }
    }

    private void Count(int group, int feature, float value, int found)
    {
        _counts[feature]++;
        _isOther[group] |= value != 1 || found > 1;
    }
}
