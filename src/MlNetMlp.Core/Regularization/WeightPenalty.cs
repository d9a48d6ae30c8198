using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The penalty <c>lambda1 sum |w| + lambda2 / 2 sum w^2</c> on the weights. Biases, normalization gains and everything else that
/// does not decay are left alone.
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
internal sealed record WeightPenalty
{
    /// <param name="l1"><c>lambda1</c>, at least 0; 0 is none.</param>
    /// <param name="l2"><c>lambda2</c>, at least 0; 0 is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not a finite number of at least 0.</exception>
    public WeightPenalty(float l1, float l2)
    {
        L1 = Require.NonNegative(l1, nameof(L1));
        L2 = Require.NonNegative(l2, nameof(L2));
    }

    /// <summary>To be passed on in <see cref="StepContext.L1"/>.</summary>
    public float L1 { get; }

    public float L2 { get; }

    /// <summary>The penalty itself, to be added to the loss that is reported.</summary>
    public double Value(ParameterVector parameters)
    {
        double magnitudes = 0;
        double squares = 0;
        foreach (var segment in parameters.Segments)
        {
            if (!segment.Decays)
            {
                continue;
            }

            Span<float> weights = parameters.Values.Span.Slice(segment.Offset, segment.Length);
            if (L1 > 0)
            {
                magnitudes += OrderedSum.OfMagnitudes(weights);
            }

            if (L2 > 0)
            {
                squares += OrderedSum.OfSquares(weights);
            }
        }

        return (L1 * magnitudes) + (L2 / 2 * squares);
    }

    /// <summary>Adds the gradient of the L2 part, <c>g += lambda2 w</c>, to all that a step moves.</summary>
    public void AddGradient(ParameterVector parameters)
    {
        if (L2 == 0)
        {
            return;
        }

        foreach (var segment in parameters.StepSegments)
        {
            if (!segment.Decays)
            {
                continue;
            }

            Span<float> gradients = parameters.Gradients.Span.Slice(segment.Offset, segment.Length);
            TensorPrimitives.FusedMultiplyAdd(parameters.Values.Span.Slice(segment.Offset, segment.Length), L2, gradients, gradients);
        }
    }
}
