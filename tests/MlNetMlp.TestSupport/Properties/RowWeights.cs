namespace MlNetMlp.TestSupport;

/// <summary>The weights of made-up rows.</summary>
internal enum RowWeights
{
    One,

    /// <summary>0, 1 and 2 in turn.</summary>
    Some,

    /// <summary>All 0.</summary>
    None,
    Tiny,
    Huge,

    /// <summary>Negative and NaN.</summary>
    Wrong,
}
