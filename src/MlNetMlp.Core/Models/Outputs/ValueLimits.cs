namespace MlNetMlp;

/// <summary>The smallest and the largest value that each score may have: see <see cref="DifferenceLoss.ClampPredictions"/>.</summary>
/// <param name="lower">[outputs], finite.</param>
/// <param name="upper">[outputs], finite, nowhere below <paramref name="lower"/>.</param>
internal sealed class ValueLimits(float[] lower, float[] upper)
{
    public ReadOnlySpan<float> Lower => lower;

    public ReadOnlySpan<float> Upper => upper;

    /// <summary>Nothing yet: limits to <see cref="Include(ReadOnlySpan{float})"/> values in.</summary>
    public static ValueLimits Of(int outputs)
    {
        float[] lower = new float[outputs], upper = new float[outputs];
        lower.AsSpan().Fill(float.PositiveInfinity);
        upper.AsSpan().Fill(float.NegativeInfinity);
        return new(lower, upper);
    }

    /// <summary>Widens the limits so that they take in the values [outputs].</summary>
    public void Include(ReadOnlySpan<float> values)
    {
        for (int k = 0; k < values.Length; k++)
        {
            lower[k] = Math.Min(lower[k], values[k]);
            upper[k] = Math.Max(upper[k], values[k]);
        }
    }

    /// <summary>Moves the finite scores [rows, outputs] that are outside to the limit next to them.</summary>
    public void Clamp(Span<float> scores)
    {
        for (int i = 0, k = 0; i < scores.Length; i++)
        {
            scores[i] = Math.Clamp(scores[i], lower[k], upper[k]);
            k = k + 1 == lower.Length ? 0 : k + 1;
        }
    }
}
