namespace MlNetMlp.Core.Tests;

/// <summary>
/// The minimum of <c>mean log(1 + exp(-(2 y - 1) (w x + b))) + lambda / 2 |w|^2</c> by Newton's iteration in double precision, with the matrix of
/// second derivatives written down and solved by elimination.
/// </summary>
internal static class ReferenceLogisticRegression
{
    /// <summary>The weights, then the bias.</summary>
    public static double[] Fit(double[][] features, double[] targets, double lambda)
    {
        int n = features[0].Length;
        var w = new double[n + 1];
        for (int iteration = 0; iteration < 50; iteration++)
        {
            var gradient = new double[n + 1];
            var hessian = new double[n + 1, n + 1];
            for (int row = 0; row < features.Length; row++)
            {
                double[] x = [.. features[row], 1];
                double p = 1 / (1 + Math.Exp(-x.Zip(w, (a, b) => a * b).Sum()));
                for (int i = 0; i <= n; i++)
                {
                    gradient[i] += (p - targets[row]) * x[i] / features.Length;
                    for (int j = 0; j <= n; j++)
                    {
                        hessian[i, j] += p * (1 - p) * x[i] * x[j] / features.Length;
                    }
                }
            }

            for (int i = 0; i < n; i++)
            {
                gradient[i] += lambda * w[i];
                hessian[i, i] += lambda;
            }

            double[] step = Solve(hessian, gradient);
            w = [.. w.Zip(step, (a, b) => a - b)];
        }

        return w;
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        // Gauss and Jordan; the matrix is positive definite, so its diagonal never vanishes.
        int n = right.Length;
        for (int pivot = 0; pivot < n; pivot++)
        {
            for (int i = 0; i < n; i++)
            {
                if (i != pivot)
                {
                    double factor = matrix[i, pivot] / matrix[pivot, pivot];
                    right[i] -= factor * right[pivot];
                    for (int j = pivot; j < n; j++)
                    {
                        matrix[i, j] -= factor * matrix[pivot, j];
                    }
                }
            }
        }

        return [.. right.Select((value, i) => value / matrix[i, i])];
    }
}
