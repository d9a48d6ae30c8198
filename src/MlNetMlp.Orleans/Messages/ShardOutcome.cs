namespace MlNetMlp.Search;

/// <summary>How an operation ended.</summary>
/// <param name="Kind">How.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.ShardOutcome")]
internal sealed record ShardOutcome([property: Id(0)] ShardOutcomeKind Kind)
{
    /// <summary>Why it failed; null: it did not.</summary>
    [Id(1)]
    public string? Problem { get; init; }

    /// <summary>The epoch, from 1, in which the training diverged.</summary>
    [Id(2)]
    public int Epoch { get; init; }

    /// <summary>Whether it came to its end, or was stopped on the way.</summary>
    [Id(3)]
    public bool IsComplete { get; init; }

    /// <summary>The loss that it came to.</summary>
    [Id(4)]
    public double Loss { get; init; }

    /// <summary>The metric; null: there is none.</summary>
    [Id(5)]
    public double? Metric { get; init; }

    /// <inheritdoc cref="ITrainingRun.LearningRate"/>
    [Id(6)]
    public float LearningRate { get; init; }

    /// <inheritdoc cref="ITrainingRun.GradientNorm"/>
    [Id(7)]
    public double GradientNorm { get; init; }

    /// <inheritdoc cref="ITrainingRun.Steps"/>
    [Id(8)]
    public long Steps { get; init; }

    /// <inheritdoc cref="ITrainingRun.RunningLoss"/>
    [Id(9)]
    public double RunningLoss { get; init; }

    /// <inheritdoc cref="ITrainingRun.Penalty"/>
    [Id(10)]
    public double Penalty { get; init; }

    /// <inheritdoc cref="ITrainingRun.HasConverged"/>
    [Id(11)]
    public bool HasConverged { get; init; }

    /// <summary>The names of the buffers of the state.</summary>
    [Id(12)]
    public string[] Buffers { get; init; } = [];

    /// <summary>Their lengths.</summary>
    [Id(13)]
    public int[] Lengths { get; init; } = [];

    /// <summary>The checksum of the parameters, which is the same on all silos.</summary>
    [Id(14)]
    public string Parameters { get; init; } = "";
}
