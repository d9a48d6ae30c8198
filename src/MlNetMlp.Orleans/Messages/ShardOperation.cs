namespace MlNetMlp.Search;

/// <summary>Something to do for the silos of a training, all of them the same.</summary>
/// <param name="Kind">What.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.ShardOperation")]
internal sealed record ShardOperation([property: Id(0)] ShardOperationKind Kind)
{
    /// <summary>The epoch, from 0.</summary>
    [Id(1)]
    public int Epoch { get; init; }

    /// <summary>The number of steps before.</summary>
    [Id(2)]
    public long Steps { get; init; }

    /// <summary>The monitored losses of the epochs before.</summary>
    [Id(3)]
    public double[] Monitored { get; init; } = [];

    /// <summary>Whether parameters of an epoch that is stopped are of use.</summary>
    [Id(4)]
    public bool KeepsUnfinished { get; init; }

    /// <summary>What the learning rate is multiplied by.</summary>
    [Id(5)]
    public float RateFactor { get; init; } = 1;
}
