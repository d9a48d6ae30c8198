namespace MlNetMlp.Core.Tests;

/// <summary>One step of a reference optimizer.</summary>
/// <param name="w">The parameters, changed.</param>
/// <param name="g">The gradient at <paramref name="w"/>.</param>
/// <param name="rate">The rate of this step.</param>
/// <param name="multiplier">The rate divided by the schedule's base rate.</param>
/// <param name="t">The number of the step, from 1.</param>
internal delegate void ReferenceStep(double[] w, double[] g, double rate, double multiplier, int t);

/// <summary>
/// The optimizers once more, straight from their papers, in double and a few lines each; never optimised. Each call gives a new
/// optimizer with its state at the start.
/// </summary>
internal static class OptimizerReferences
{
    private const int Dimensions = 2;

    public static ReferenceStep Sgd() => (w, g, rate, multiplier, t) =>
    {
        for (int i = 0; i < Dimensions; i++)
            w[i] -= rate * g[i];
    };

    public static ReferenceStep Momentum(double gamma)
    {
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                v[i] = (gamma * v[i]) - (rate * g[i]);
                w[i] += v[i];
            }
        };
    }

    /// <summary>The look-ahead form: theta is hidden in here, and <c>w = theta + gamma v</c> is where the gradient was taken.</summary>
    public static ReferenceStep Nesterov(double gamma)
    {
        double[]? theta = null;
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            theta ??= [.. w];
            for (int i = 0; i < Dimensions; i++)
            {
                v[i] = (gamma * v[i]) - (rate * g[i]);
                theta[i] += v[i];
                w[i] = theta[i] + (gamma * v[i]);
            }
        };
    }

    public static ReferenceStep Adam(double beta1, double beta2, double epsilon, double decay = 0, bool correctBias = true)
    {
        var m = new double[Dimensions];
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
                double mean = correctBias ? m[i] / (1 - Math.Pow(beta1, t)) : m[i];
                double square = correctBias ? v[i] / (1 - Math.Pow(beta2, t)) : v[i];
                w[i] -= (rate * mean / (Math.Sqrt(square) + epsilon)) + (multiplier * decay * w[i]);
            }
        };
    }
}
