using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The average of the weights over the steps of one training run. Within an epoch the parameter vector has the weights that learn, and the average is
/// here; between two epochs they have changed places, so that whatever looks at the parameters sees the average.
/// </summary>
/// <param name="averaging">Which average.</param>
/// <param name="parameters">The parameters.</param>
/// <param name="steps">The number of steps that are planned.</param>
/// <param name="team">The threads that share the work.</param>
internal sealed class WeightAverage(WeightAveraging averaging, ParameterVector parameters, long steps, ThreadTeam team)
{
    /// <summary>Parameters of a tile: some microseconds of work.</summary>
    private const int TileLength = 1 << 14;

    private readonly AlignedBuffer _other = new(parameters.Values.Length);

    /// <summary>The weights that learn, with their statistics, between two epochs.</summary>
    public OptimizerState State => new("learning parameters", _other);

    /// <summary>Whether the parameter vector has the average.</summary>
    public bool IsShown { get; set; }

    private int Length => parameters.Layout.TrainableLength;

    /// <summary>Puts the weights that learn into the parameter vector.</summary>
    public void Hide()
    {
        if (IsShown)
        {
            Exchange();
            IsShown = false;
        }
    }

    /// <summary>Takes in the parameters after a step.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    public void Add(long step)
    {
        float share = averaging.ShareOf(step, steps);
        int tiles = (Length + TileLength - 1) / TileLength;
        var body = new SharedAveraging(_other, parameters.Values, share, Length);
        team.Run(tiles, ref body);
    }

    /// <summary>
    /// Puts the average into the parameter vector. Statistics that are not collected anew are those of the weights that learn.
    /// </summary>
    public void Show()
    {
        Exchange();
        _other.Span[Length..].CopyTo(parameters.Values.Span[Length..]);
        IsShown = true;
    }

    private void Exchange()
    {
        Span<float> values = parameters.Values.Span, others = _other.Span;
        for (int i = 0; i < values.Length; i++)
        {
            (values[i], others[i]) = (others[i], values[i]);
        }
    }

    /// <summary><c>a += s (w - a)</c>, tile by tile; an element depends on its own weights alone, so the cut changes no bits.</summary>
    private readonly struct SharedAveraging(AlignedBuffer average, AlignedBuffer weights, float share, int length) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int first = tile * TileLength, count = Math.Min(TileLength, length - first);
            Span<float> own = average.Span.Slice(first, count);
            ReadOnlySpan<float> learning = weights.Span.Slice(first, count);
            if (share == 1)
            {
                // a + (w - a) need not be w.
                learning.CopyTo(own);
            }
            else
            {
                ElementwiseMath.Apply(new Step(share), own, learning, own);
            }
        }
    }

    private readonly struct Step(float share) : IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector y)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.MultiplyAdd(TLanes.Broadcast(share), TLanes.Subtract(y, x), x);
    }
}
