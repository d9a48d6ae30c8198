namespace MlNetMlp;

/// <summary>What random numbers of one <see cref="NetworkPart"/> are drawn for. The values are addresses: a number, once given, is never reused.</summary>
internal enum RandomPurpose
{
    /// <summary>The starting weights.</summary>
    Weights = 0,

    /// <summary>Which weights a mini-batch drops.</summary>
    DropConnect = 1,

    /// <summary>The noise that is added to the outputs of the part.</summary>
    Noise = 2,

    /// <summary>Which outputs of the part are dropped.</summary>
    Dropout = 3,

    /// <summary>Which categories of a row are taken for missing.</summary>
    CategoryDropout = 4,

    /// <summary>The starting frequencies of a <see cref="PeriodicEmbedding"/>.</summary>
    Frequencies = 5,

    /// <summary>Its starting phases.</summary>
    Phases = 6,
}
