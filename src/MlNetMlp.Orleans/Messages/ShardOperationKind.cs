namespace MlNetMlp.Search;

/// <summary>What the silos of a training can be asked to do.</summary>
internal enum ShardOperationKind
{
    /// <summary>Read the rows of their shards, and build the network.</summary>
    Load,

    /// <summary>Go on with the state that was written.</summary>
    Restore,

    /// <summary>Run an epoch.</summary>
    Epoch,

    /// <summary>Evaluate the validation rows.</summary>
    Evaluate,

    /// <summary>Evaluate what the training starts from.</summary>
    EvaluateStart,
}
