namespace MlNetMlp.Tests.Support;

/// <summary>A linear model with an intercept, by the normal equations in double precision.</summary>
public sealed class LeastSquares
{
    private readonly double[] _coefficients;

    /// <param name="rows">Features, fewer than rows and independent of each other.</param>
    /// <param name="labels">A label for each row.</param>
    public LeastSquares(float[][] rows, float[] labels)
    {
        int size = rows[0].Length + 1;
        double[][] equations = [.. Enumerable.Range(0, size).Select(_ => new double[size + 1])];
        for (int i = 0; i < rows.Length; i++)
        {
            double[] x = [1, .. rows[i].Select(value => (double)value)];
            for (int j = 0; j < size; j++)
            {
                for (int k = 0; k < size; k++)
                {
                    equations[j][k] += x[j] * x[k];
                }

                equations[j][size] += x[j] * labels[i];
            }
        }

        _coefficients = Solve(equations);
    }

    public double Predict(float[] features) => _coefficients[0] + features.Select((value, j) => value * _coefficients[j + 1]).Sum();

    public double[] Predict(float[][] rows) => Array.ConvertAll(rows, Predict);

    /// <summary>Gauss and Jordan's elimination; the matrix is positive definite, so that no pivot is 0.</summary>
    private static double[] Solve(double[][] equations)
    {
        int size = equations.Length;
        for (int pivot = 0; pivot < size; pivot++)
        {
            for (int j = 0; j < size; j++)
            {
                double factor = j == pivot ? 0 : equations[j][pivot] / equations[pivot][pivot];
                for (int k = pivot; k <= size; k++)
                {
                    equations[j][k] -= factor * equations[pivot][k];
                }
            }
        }

        return [.. equations.Select((row, j) => row[size] / row[j])];
    }
}
