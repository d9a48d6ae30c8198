namespace MlNetMlp.Numerics;

/// <summary>The standard normal distribution, in double precision.</summary>
internal static class NormalDistribution
{
    /// <summary>Beyond, there is less probability than one of many rows has.</summary>
    private const double Farthest = 6;

    /// <summary>The value that a share of all do not exceed, to some units in the last place of a float; within 6 deviations.</summary>
    /// <param name="share">From 0 to 1.</param>
    public static double Quantile(double share)
    {
        double lower = -Farthest, upper = Farthest;
        for (int bits = 0; bits < 40; bits++)
        {
            double middle = (lower + upper) / 2;
            (lower, upper) = ShareBelow(middle) < share ? (middle, upper) : (lower, middle);
        }

        return (lower + upper) / 2;
    }

    /// <summary>The share of all values below one: 0 or 1 beyond 6 deviations.</summary>
    /// <remarks><c>1/2 + exp(-x^2 / 2) / sqrt(2 pi) sum of x^(2n + 1) / (1 3 ... (2n + 1))</c>, all terms of one sign.</remarks>
    public static double ShareBelow(double x)
    {
        if (Math.Abs(x) > Farthest)
        {
            return x < 0 ? 0 : 1;
        }

        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= x * x / (2 * n + 1);
            sum += term;
        }

        return 0.5 + Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * sum;
    }
}
