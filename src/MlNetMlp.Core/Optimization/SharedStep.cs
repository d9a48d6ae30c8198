using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>An optimizer step shared out over threads: elements are independent, so the cut changes no bits.</summary>
/// <remarks>
/// A tile is the same part of every segment of the parameter vector. So each thread of a team steps that part of a matrix of weights whose
/// gradients it is likely to have computed, and the same part in every step: most of what it needs is in its own cache.
/// </remarks>
internal readonly struct SharedStep(ParameterVector parameters, IOptimizerRule rule, int tiles) : IParallelBody
{
    /// <summary>Parameters of a tile: gradients, values and two states of it fill 128 KiB, some microseconds of work.</summary>
    private const int TileLength = 1 << 13;

    /// <summary>Below this many parameters, some five microseconds of work, another thread costs more than it saves.</summary>
    private const int SmallVector = 1 << 14;

    /// <summary>Makes the step that was begun on all parameters.</summary>
    /// <param name="parameters">The parameters and their gradients.</param>
    /// <param name="rule">The rule, which has begun the step.</param>
    /// <param name="team">The threads that share it.</param>
    public static void Run(ParameterVector parameters, IOptimizerRule rule, ThreadTeam team)
    {
        int length = parameters.Gradients.Length;

        // Of sparse features so few rows move that one thread is done with them at once.
        bool isSmall = length < SmallVector || parameters.ActiveRows is not null;
        int tiles = isSmall ? 1 : Math.Max(1, length / (TileLength * team.ActiveThreads)) * team.ActiveThreads;
        var step = new SharedStep(parameters, rule, tiles);
        team.Run(tiles, ref step);
    }

    public void Execute(int tile, int worker)
    {
        foreach (ParameterSegment segment in parameters.StepSegments)
        {
            int first = segment.Offset + Cut(segment.Length, tile), length = segment.Offset + Cut(segment.Length, tile + 1) - first;
            if (length > 0)
            {
                rule.Step(parameters.Values.Span.Slice(first, length), parameters.Gradients.Span.Slice(first, length), first, segment.Group);
            }
        }
    }

    /// <summary>Where a tile begins in a segment, and the one before ends: between cache lines, which no two threads should write to.</summary>
    private int Cut(int length, int tile) =>
        tile == tiles ? length : (int)((long)length * tile / tiles) / ParameterLayout.Alignment * ParameterLayout.Alignment;
}
