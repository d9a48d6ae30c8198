using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>lambda sum |w|</c> over the weights, for an optimizer that looks at the whole parameter vector: within an orthant, where no weight changes its
/// sign, it is linear, so a step that stays in one orthant can be found as if there were no kink.
/// </summary>
/// <remarks>
/// "Slopes" are those of the steepest descent, the pseudo-gradient: <c>g + lambda sign(w)</c>, and at <c>w = 0</c> what is left of <c>g</c> beyond
/// the kink. Galen Andrew and Jianfeng Gao, "Scalable Training of L1-Regularized Log-Linear Models", 2007.
/// </remarks>
/// <param name="strengths"><c>lambda</c> by <see cref="ParameterGroup.Penalty"/>, at least 0.</param>
/// <param name="segments">The ranges of the parameter vector; only those that decay have the penalty.</param>
internal sealed class OrthantPenalty(float[] strengths, ParameterSegment[] segments)
{
    private readonly ParameterSegment[] _segments = [.. segments.Where(segment => segment.Decays && strengths[segment.Group.Penalty] > 0)];
    private readonly double[] _magnitudes = new double[strengths.Length];

    /// <summary>The penalty itself.</summary>
    public double Value(ReadOnlySpan<float> parameters)
    {
        Array.Clear(_magnitudes);
        foreach (ParameterSegment segment in _segments)
        {
            _magnitudes[segment.Group.Penalty] += OrderedSum.OfMagnitudes(parameters.Slice(segment.Offset, segment.Length));
        }

        double sum = 0;
        for (int i = 0; i < strengths.Length; i++)
        {
            sum += strengths[i] * _magnitudes[i];
        }

        return sum;
    }

    /// <summary>Writes the slopes of the function with its penalty, from the gradient without.</summary>
    public void AddTo(ReadOnlySpan<float> gradient, ReadOnlySpan<float> parameters, Span<float> slopes)
    {
        gradient.CopyTo(slopes);
        foreach (ParameterSegment segment in _segments)
        {
            float strength = strengths[segment.Group.Penalty];
            for (int i = segment.Offset; i < segment.Offset + segment.Length; i++)
            {
                float g = gradient[i];
                slopes[i] = parameters[i] == 0 ? g - Math.Clamp(g, -strength, strength) : g + MathF.CopySign(strength, parameters[i]);
            }
        }
    }

    /// <summary>Takes out of a direction what does not go down the slopes: the curvature knows nothing of the kinks.</summary>
    public void KeepDownhill(Span<float> direction, ReadOnlySpan<float> slopes)
    {
        foreach (ParameterSegment segment in _segments)
        {
            for (int i = segment.Offset; i < segment.Offset + segment.Length; i++)
            {
                bool isDownhill = (direction[i] < 0 && slopes[i] > 0) || (direction[i] > 0 && slopes[i] < 0);
                direction[i] = isDownhill ? direction[i] : 0;
            }
        }
    }

    /// <summary>Stops weights at zero that have left the orthant of <paramref name="origin"/>; one that was zero belongs where its slope goes down.</summary>
    public void KeepInOrthant(Span<float> parameters, ReadOnlySpan<float> origin, ReadOnlySpan<float> slopes)
    {
        foreach (ParameterSegment segment in _segments)
        {
            for (int i = segment.Offset; i < segment.Offset + segment.Length; i++)
            {
                float side = origin[i] == 0 ? -slopes[i] : origin[i];
                bool isOutside = side > 0 ? parameters[i] < 0 : side < 0 ? parameters[i] > 0 : true;
                parameters[i] = isOutside ? 0 : parameters[i];
            }
        }
    }
}
