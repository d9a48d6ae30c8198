namespace MlNetMlp.Numerics;

/// <summary>The normal distribution with mean 0 and variance 1.</summary>
internal static class NormalDistribution
{
    /// <summary>
    /// <c>P(z) = erfc(-z / sqrt(2)) / 2</c>: the probability of a value of at most z, with a relative error below 1.2e-7 also far out in
    /// the left tail. NaN gives NaN.
    /// </summary>
    /// <remarks>erfc by the Chebyshev fit of Press, Teukolsky, Vetterling and Flannery, Numerical Recipes in C, second edition, 1992, section 6.2.</remarks>
    public static double Cumulative(double z)
    {
        double x = Math.Abs(z) * 0.70710678118654752;
        double t = 1 / (1 + 0.5 * x);
        double fit = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807
            + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
        double tail = 0.5 * t * Math.Exp(fit - x * x);
        return z > 0 ? 1 - tail : tail;
    }

    /// <summary><c>exp(-z^2 / 2) / sqrt(2 pi)</c>.</summary>
    public static double Density(double z) => 0.39894228040143268 * Math.Exp(-0.5 * z * z);
}
