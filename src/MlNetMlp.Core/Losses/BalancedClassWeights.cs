namespace MlNetMlp;

/// <summary>See <see cref="ClassWeights.Balanced"/>.</summary>
internal sealed record BalancedClassWeights : ClassWeights
{
    internal override float[] Factors(ReadOnlySpan<double> totals)
    {
        double all = 0;
        int present = 0;
        foreach (double total in totals)
        {
            all += total;
            present += total > 0 ? 1 : 0;
        }

        float[] factors = new float[totals.Length];
        for (int c = 0; c < factors.Length; c++)
        {
            factors[c] = totals[c] > 0 ? (float)(all / (present * totals[c])) : 1;
        }

        return factors;
    }
}
