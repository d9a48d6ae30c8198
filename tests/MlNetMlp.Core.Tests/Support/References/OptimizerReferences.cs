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

    public static ReferenceStep Sgd(double decay = 0) => (w, g, rate, multiplier, t) =>
    {
        for (int i = 0; i < Dimensions; i++)
        {
            w[i] -= (rate * g[i]) + (multiplier * decay * w[i]);
        }
    };

    public static ReferenceStep Momentum(double gamma, double from = 0, int rampSteps = 0)
    {
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                v[i] = (Ramp(from, gamma, rampSteps, t) * v[i]) - (rate * g[i]);
                w[i] += v[i];
            }
        };
    }

    /// <summary>The look-ahead form: theta is hidden in here, and <c>w = theta + gamma v</c> is where the gradient was taken.</summary>
    public static ReferenceStep Nesterov(double gamma, double from = 0, int rampSteps = 0)
    {
        double[]? theta = null;
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            theta ??= [.. w];
            for (int i = 0; i < Dimensions; i++)
            {
                v[i] = (Ramp(from, gamma, rampSteps, t) * v[i]) - (rate * g[i]);
                theta[i] += v[i];
                w[i] = theta[i] + (Ramp(from, gamma, rampSteps, t + 1) * v[i]);
            }
        };
    }

    /// <summary>In a straight line, by the middle of the step; one step is one epoch.</summary>
    private static double Ramp(double from, double to, int steps, int t) => t - 0.5 < steps ? from + ((to - from) * (t - 0.5) / steps) : to;

    public static ReferenceStep Adagrad(double epsilon)
    {
        var sum = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                sum[i] += g[i] * g[i];
                w[i] -= rate * g[i] / Math.Sqrt(sum[i] + epsilon);
            }
        };
    }

    public static ReferenceStep RmsProp(double gamma, double epsilon)
    {
        var mean = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                mean[i] = (gamma * mean[i]) + ((1 - gamma) * g[i] * g[i]);
                w[i] -= rate * g[i] / Math.Sqrt(mean[i] + epsilon);
            }
        };
    }

    public static ReferenceStep Adadelta(double rho, double epsilon)
    {
        var gradients = new double[Dimensions];
        var steps = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                gradients[i] = (rho * gradients[i]) + ((1 - rho) * g[i] * g[i]);
                double step = -Math.Sqrt(steps[i] + epsilon) / Math.Sqrt(gradients[i] + epsilon) * g[i];
                steps[i] = (rho * steps[i]) + ((1 - rho) * step * step);
                w[i] += rate * step;
            }
        };
    }

    public static ReferenceStep NAdam(double beta1, double beta2, double epsilon, double psi)
    {
        var m = new double[Dimensions];
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            double product = Enumerable.Range(1, t).Select(Mu).Aggregate(1.0, (a, b) => a * b);
            for (int i = 0; i < Dimensions; i++)
            {
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
                double ahead = (Mu(t + 1) * m[i] / (1 - (product * Mu(t + 1)))) + ((1 - Mu(t)) * g[i] / (1 - product));
                w[i] -= rate * ahead / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, t))) + epsilon);
            }
        };

        double Mu(int t) => beta1 * (1 - (0.5 * Math.Pow(0.96, t * psi)));
    }

    public static ReferenceStep RAdam(double beta1, double beta2, double epsilon, double smallest = 5)
    {
        var m = new double[Dimensions];
        var v = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            double longest = (2 / (1 - beta2)) - 1;
            double length = longest - (2 * t * Math.Pow(beta2, t) / (1 - Math.Pow(beta2, t)));
            for (int i = 0; i < Dimensions; i++)
            {
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
                double mean = m[i] / (1 - Math.Pow(beta1, t));
                if (length > smallest)
                {
                    double r = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
                    mean *= r / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, t))) + epsilon);
                }

                w[i] -= rate * mean;
            }
        };
    }

    public static ReferenceStep Rprop(bool backtracks, double smallest = 1e-6, double largest = 50)
    {
        var size = new double[Dimensions];
        var before = new double[Dimensions];
        var step = new double[Dimensions];
        return (w, g, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                if (t == 1)
                {
                    size[i] = rate / multiplier;
                }

                if (g[i] * before[i] < 0)
                {
                    size[i] = Math.Max(0.5 * size[i], smallest);
                    w[i] -= backtracks ? step[i] : 0;
                    before[i] = 0;
                    continue;
                }

                if (g[i] * before[i] > 0)
                {
                    size[i] = Math.Min(1.2 * size[i], largest);
                }

                step[i] = -Math.Sign(g[i]) * size[i] * multiplier;
                w[i] += step[i];
                before[i] = g[i];
            }
        };
    }

    /// <summary>The update of Fahlman's own program, branch by branch, with the slope for the gradient.</summary>
    public static ReferenceStep Quickprop(double mu)
    {
        double shrink = mu / (1 + mu);
        var before = new double[Dimensions];
        var delta = new double[Dimensions];
        return (w, slope, rate, multiplier, t) =>
        {
            for (int i = 0; i < Dimensions; i++)
            {
                double next = 0;
                if (delta[i] > 0)
                {
                    if (slope[i] < 0)
                    {
                        next -= rate * slope[i];
                    }

                    next += slope[i] <= shrink * before[i] ? mu * delta[i] : delta[i] * slope[i] / (before[i] - slope[i]);
                }
                else if (delta[i] < 0)
                {
                    if (slope[i] > 0)
                    {
                        next -= rate * slope[i];
                    }

                    next += slope[i] >= shrink * before[i] ? mu * delta[i] : delta[i] * slope[i] / (before[i] - slope[i]);
                }
                else
                {
                    next -= rate * slope[i];
                }

                before[i] = slope[i];
                delta[i] = next;
                w[i] += next;
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
