using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The penalty <c>lambda1 sum |w| + lambda2 / 2 sum w^2</c> on the weights, where layers may have strengths of their own. Biases, normalization gains and
/// everything else that does not decay are left alone.
/// </summary>
/// <remarks>
/// <para>
/// The smooth part, L2, joins the gradient: <c>g += lambda2 w</c>, before clipping and before the optimizer. The part with the kink,
/// L1, is the last act of the optimizer's step: <c>w = sign(w) max(|w| - eta' lambda1, 0)</c>, so a weight that would cross zero
/// becomes exactly zero, and stays there until its gradient is stronger than <c>lambda1</c>. Clipping does not concern it.
/// </para>
/// <para>
/// <c>eta'</c> is how far a lasting gradient of 1 moves the weight in this step: the rate of <see cref="Sgd"/>; with momentum the
/// velocity that it would have, <c>u = gamma u + eta</c>; with Adam the weight's own <c>eta / (sqrt(v) + epsilon)</c>. So every
/// optimizer looks for the minimum of the same function; with the bare rate the same <c>lambda1</c> would pull ten times as weakly
/// with a momentum of 0.9.
/// </para>
/// <para>
/// John Langford, Lihong Li and Tong Zhang, "Sparse Online Learning via Truncated Gradient", 2009; John Duchi, Elad Hazan and Yoram
/// Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011; Jihun Yun, Aurelie Lozano and Eunho
/// Yang, "Adaptive Proximal Gradient Methods for Structured Neural Networks", 2021.
/// </para>
/// </remarks>
internal sealed class WeightPenalty
{
    private readonly (Schedule L1, Schedule L2)[] _schedules;
    private readonly float[] _l2;
    private readonly double[] _magnitudes;
    private readonly double[] _squares;

    /// <param name="l1"><c>lambda1</c>, at least 0; 0 is none.</param>
    /// <param name="l2"><c>lambda2</c>, at least 0; 0 is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not a finite number of at least 0.</exception>
    public WeightPenalty(float l1, float l2)
        : this([(l1, l2)])
    {
    }

    /// <param name="schedules">The strengths by <see cref="ParameterGroup.Penalty"/>; until <see cref="At"/> they are their base rates.</param>
    public WeightPenalty((Schedule L1, Schedule L2)[] schedules)
    {
        _schedules = schedules;
        L1 = Array.ConvertAll(schedules, schedule => schedule.L1.BaseRate);
        _l2 = Array.ConvertAll(schedules, schedule => schedule.L2.BaseRate);
        _magnitudes = new double[schedules.Length];
        _squares = new double[schedules.Length];
    }

    /// <summary>The strengths of L1, to be passed on in <see cref="StepContext.LayerL1"/>.</summary>
    public float[] L1 { get; }

    /// <summary>L2 alone.</summary>
    public WeightPenalty WithoutL1() => new(Array.ConvertAll(_schedules, schedule => ((Schedule)0, schedule.L2)));

    /// <summary>Takes the strengths of a moment of the training.</summary>
    public void At(in ScheduleMoment moment)
    {
        for (int i = 0; i < _schedules.Length; i++)
        {
            (L1[i], _l2[i]) = (_schedules[i].L1.RateAt(moment), _schedules[i].L2.RateAt(moment));
        }
    }

    /// <summary>The penalty itself, to be added to the loss that is reported.</summary>
    public double Value(ParameterVector parameters)
    {
        Array.Clear(_magnitudes);
        Array.Clear(_squares);
        foreach (var segment in parameters.Segments)
        {
            if (!segment.Decays)
            {
                continue;
            }

            int penalty = segment.Group.Penalty;
            Span<float> weights = parameters.Values.Span.Slice(segment.Offset, segment.Length);
            if (L1[penalty] > 0)
            {
                _magnitudes[penalty] += OrderedSum.OfMagnitudes(weights);
            }

            if (_l2[penalty] > 0)
            {
                _squares[penalty] += OrderedSum.OfSquares(weights);
            }
        }

        double sum = 0;
        for (int i = 0; i < L1.Length; i++)
        {
            sum += (L1[i] * _magnitudes[i]) + (_l2[i] / 2 * _squares[i]);
        }

        return sum;
    }

    /// <summary>Adds the gradient of the L2 part, <c>g += lambda2 w</c>, to all that a step moves.</summary>
    public void AddGradient(ParameterVector parameters)
    {
        if (!_l2.ContainsAnyExcept(0f))
        {
            return;
        }

        foreach (var segment in parameters.StepSegments)
        {
            float l2 = _l2[segment.Group.Penalty];
            if (!segment.Decays || l2 == 0)
            {
                continue;
            }

            Span<float> gradients = parameters.Gradients.Span.Slice(segment.Offset, segment.Length);
            TensorPrimitives.FusedMultiplyAdd(parameters.Values.Span.Slice(segment.Offset, segment.Length), l2, gradients, gradients);
        }
    }
}
