namespace MlNetMlp.Benchmarks.Growth;

/// <summary>What is looked at while a quantity grows.</summary>
internal enum GrowthKind
{
    /// <summary>The time of an epoch, beside its multiply-adds.</summary>
    Epoch,

    /// <summary>The time of a mini-batch, beside its multiply-adds.</summary>
    Batch,

    /// <summary>The time of an epoch, beside the threads.</summary>
    Threads,
}
