namespace MlNetMlp;

/// <summary>Where the bins of a <see cref="PiecewiseLinearEmbedding"/> end.</summary>
public enum BinEnds
{
    /// <summary>At quantiles of the training rows, so that each bin has equally many of them.</summary>
    Quantiles,

    /// <summary>
    /// Where a decision tree of this number alone cuts it to tell the targets of the training rows, with at least 64 rows on both sides of each cut; at
    /// quantiles where it finds nothing to cut.
    /// </summary>
    Tree,
}
