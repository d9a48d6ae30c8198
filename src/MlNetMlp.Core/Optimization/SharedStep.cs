using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>An optimizer step shared out over threads, piece by piece of the parameter vector: elements are independent, so the cut changes no bits.</summary>
internal readonly struct SharedStep(ParameterVector parameters, IOptimizerRule rule) : IParallelBody
{
    /// <summary>Parameters of a piece: gradients, values and two states of it fill 128 KiB, some microseconds of work.</summary>
    private const int PieceLength = 1 << 13;

    /// <summary>Below this many parameters another thread costs more than it saves.</summary>
    private const int SmallVector = 1 << 15;

    /// <summary>Makes the step that was begun on all parameters.</summary>
    public static void Run(ParameterVector parameters, IOptimizerRule rule, ThreadTeam team)
    {
        var step = new SharedStep(parameters, rule);
        int length = parameters.Gradients.Length;

        // Of sparse features so few rows move that one thread is done with them at once.
        if (length < SmallVector || parameters.ActiveRows is not null)
            step.Step(0, length);
        else
            team.Run((length + PieceLength - 1) / PieceLength, ref step);
    }

    public void Execute(int tile, int worker) =>
        Step(tile * PieceLength, Math.Min((tile + 1) * PieceLength, parameters.Gradients.Length));

    private void Step(int begin, int end)
    {
        foreach (ParameterSegment segment in parameters.StepSegments)
        {
            int first = Math.Max(begin, segment.Offset), length = Math.Min(end, segment.Offset + segment.Length) - first;
            if (length > 0)
                rule.Step(parameters.Values.Span.Slice(first, length), parameters.Gradients.Span.Slice(first, length), first, segment.Decays);
        }
    }
}
