using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Why the network is run: it decides what dropout, noise and batch normalization do.</summary>
internal enum PassMode
{
    /// <summary>Dropout draws masks, noise is added, batch normalization uses the mini-batch and updates its running statistics.</summary>
    Training,

    /// <summary>No dropout, no noise; batch normalization uses the mini-batch and adds it to the collected statistics. The parameters stand still.</summary>
    Collecting,

    /// <summary>No dropout, no noise; batch normalization uses its stored statistics.</summary>
    Scoring,
}

/// <summary>What every layer is told about the current pass over the network.</summary>
/// <param name="Mode">Why the network is run.</param>
/// <param name="Parameters">The values and gradients of all layers.</param>
/// <param name="Team">The threads that share the work.</param>
/// <param name="Random">The random numbers of the pass, addressed by seed, epoch and mini-batch; see <see cref="NetworkPart.Random"/>.</param>
internal readonly record struct Pass(PassMode Mode, ParameterVector Parameters, ThreadTeam Team, SeededRandom Random)
{
    /// <summary>The weights of the rows, for statistics over rows and penalties on what the rows do to the network; empty if all weigh 1.</summary>
    public ReadOnlyMemory<float> RowWeights { get; init; }

    /// <summary>Whether the parameters are those of the pass before, so that what a layer has made of them can stay. Default false.</summary>
    public bool KeepsParameters { get; init; }

    /// <summary>Whether a backward step need not give the gradients of the features, but only of those that stand for learned vectors. Default false.</summary>
    public bool LeavesFeaturesOut { get; init; }

    /// <summary>What a row that was given with the weight 1 has among <see cref="RowWeights"/>. Default 1.</summary>
    public double WeightOfOne { get; init; } = 1;

    /// <summary>What every probability of dropout is multiplied by, in [0, 1]. Default 1.</summary>
    public float DropoutFactor { get; init; } = 1;

    /// <summary>The weight of a row; the blocks of rows of shared members have the same weights each.</summary>
    public float WeightOf(int row) => RowWeights.IsEmpty ? 1 : RowWeights.Span[row % RowWeights.Length];
}
