using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The targets and weights of all training rows or, where there are very many, of one row drawn from each block of neighbours.</summary>
internal sealed class TargetSample
{
    /// <summary>The most numbers that are kept.</summary>
    private const int MostValues = 1 << 20;

    private readonly int _columns;
    private readonly int _blockLength;
    private readonly List<float> _targets = [];
    private readonly List<float> _weights = [];
    private int _row;

    /// <param name="rows">The number of rows that will be added.</param>
    /// <param name="columns">The number of targets of each.</param>
    public TargetSample(int rows, int columns)
    {
        _columns = columns;
        _blockLength = (int)Math.Ceiling((double)rows / Math.Max(1, MostValues / columns));
    }

    private double TotalWeight => OrderedSum.Of(CollectionsMarshal.AsSpan(_weights));

    /// <summary>Takes in the next row.</summary>
    public void Add(ReadOnlySpan<float> targets, float weight)
    {
        // Drawn, for rows that take turns would all be of one kind if every n-th were taken.
        (int block, int place) = Math.DivRem(_row++, _blockLength);
        if (place == new SeededRandom(0).Below(_blockLength, block))
        {
            _targets.AddRange(targets);
            _weights.Add(weight);
        }
    }

    /// <summary>The outputs that are best for all rows alike, 0 where that is of no use to the loss; see <see cref="Loss.BestConstant"/>.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="units">The units in which it sees the targets, where they are values.</param>
    /// <param name="outputs">The number of outputs.</param>
    public float[] BestConstant(Loss loss, TargetUnits units, int outputs)
    {
        float[] constant = new float[outputs];
        if (loss.StartsAtBestConstant && TotalWeight > 0)
        {
            float[] targets = [.. _targets];
            if (loss.TargetsAreValues)
            {
                units.ToLearned(targets);
            }

            loss.BestConstant(new ReadOnlyMatrixSpan(targets, _weights.Count, _columns), _weights.ToArray(), constant);
        }

        return constant;
    }
}
