using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Weighted means of targets, for the best constant outputs.</summary>
internal static class WeightedMean
{
    /// <summary>The mean of each column.</summary>
    /// <param name="targets">[rows, columns].</param>
    /// <param name="weights">[rows]; their sum is greater than 0.</param>
    public static double[] Of(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double[] sums = new double[targets.Columns];
        double total = 0;
        for (int i = 0; i < targets.Rows; i++)
        {
            total += weights[i];
            for (int k = 0; k < sums.Length; k++)
            {
                sums[k] += (double)weights[i] * targets.Row(i)[k];
            }
        }

        return Array.ConvertAll(sums, sum => sum / total);
    }

    /// <summary>The logarithms of shares. All that are too small for the number of rows have together no more than one row more would have.</summary>
    /// <param name="shares">Their sum is 1.</param>
    /// <param name="rows">The number of rows that they are from.</param>
    /// <param name="logarithms">As many.</param>
    public static void WriteLogarithms(ReadOnlySpan<double> shares, int rows, Span<float> logarithms)
    {
        double least = 1 / ((rows + 1.0) * shares.Length);
        for (int k = 0; k < shares.Length; k++)
        {
            logarithms[k] = (float)Math.Log(Math.Max(shares[k], least));
        }
    }
}
