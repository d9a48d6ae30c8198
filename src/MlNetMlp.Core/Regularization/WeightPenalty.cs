using System.Numerics;
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
/// L1, is a step of its own after the optimizer's: <c>w = sign(w) max(|w| - eta lambda1, 0)</c>, so a weight that would cross zero
/// becomes exactly zero, and stays there until its gradient is stronger than <c>lambda1</c>.
/// </para>
/// <para>
/// For <see cref="Sgd"/> this is the proximal gradient method; for rules with a step size per parameter the threshold is still
/// <c>eta lambda1</c> for all of them. John Langford, Lihong Li and Tong Zhang, "Sparse Online Learning via Truncated Gradient", 2009;
/// John Duchi and Yoram Singer, "Efficient Online and Batch Learning Using Forward Backward Splitting", 2009.
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
                continue;
            Span<float> weights = parameters.Values.Span.Slice(segment.Offset, segment.Length);
            if (L1 > 0)
                magnitudes += OrderedSum.OfMagnitudes(weights);
            if (L2 > 0)
                squares += OrderedSum.OfSquares(weights);
        }

        return (L1 * magnitudes) + (L2 / 2 * squares);
    }

    /// <summary>Adds the gradient of the L2 part: <c>g += lambda2 w</c>.</summary>
    public void AddGradient(ParameterVector parameters)
    {
        if (L2 == 0)
            return;
        foreach (var segment in parameters.Segments)
        {
            if (!segment.Decays)
                continue;
            Span<float> gradients = parameters.Gradients.Span.Slice(segment.Offset, segment.Length);
            TensorPrimitives.FusedMultiplyAdd(parameters.Values.Span.Slice(segment.Offset, segment.Length), L2, gradients, gradients);
        }
    }

    /// <summary>Makes the step of the L1 part, after the optimizer's: <c>w = sign(w) max(|w| - rate lambda1, 0)</c>.</summary>
    public void Shrink(ParameterVector parameters, float rate)
    {
        float threshold = rate * L1;
        if (threshold == 0)
            return;
        foreach (var segment in parameters.Segments)
        {
            if (segment.Decays)
                Shrink(parameters.Values.Span.Slice(segment.Offset, segment.Length), threshold);
        }
    }

    // What is cut off is the weight itself where it is small, so that the difference is exactly zero.
    private static void Shrink(Span<float> weights, float threshold)
    {
        int i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(weights[i..]);
            (weight - Vector.Clamp(weight, new Vector<float>(-threshold), new Vector<float>(threshold))).CopyTo(weights[i..]);
        }

        for (; i < weights.Length; i++)
            weights[i] -= Math.Clamp(weights[i], -threshold, threshold);
    }
}
